"""How time passes: plan, triggers, batches, stores, mailboxes, kernels, loop. Knows no domain word.

A month is a table of mechanisms (`plan`). Each mechanism is woken by a trigger (`declare`), gets a batch of rows (`rows`), the
columns it declared (`access`), its parameters and its luck, and returns rows, which go to whoever consumes them (`mail`).
"""
