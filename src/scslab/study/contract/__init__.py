"""The contract kit: promises that every mechanism, regime, reform and recorder keeps, tried on small worlds that Hypothesis chooses.

| module | holds |
|---|---|
| `contract` | what a contract is, and the list of them |
| `subjects` | whom they are tried on: whatever is registered, or what a package brings; nobody is named |
| `trial`, `trace` | one small run, and everything it leaves behind; where two differ |
| `probe`, `tracked`, `steps` | contracts of a single step, which is called several times |
| `books` | contracts on rows and stocks: ids, parents, stock and flow, scores replayed, confusion matrices |
| `pairs`, `persons`, `renumber` | contracts that a second trial checks: what may not matter, effects at zero, one person more or less |
| `wrongs` | no errors, no wrongs; perfect appeals; what spills over adds up |
| `kit`, `command` | Hypothesis's search, the smallest counterexample, the document |

docs/contract.md says what each contract means and how to try them on a package of one's own.
"""
