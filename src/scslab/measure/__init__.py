"""What we conclude: group cells, outcomes, intervals, paired effects, reports, the chain behind one measure. Simulates nothing."""
