"""What happens: one file per mechanism, in the folder of its phase. `kinds` and `tables` hold the words they share."""
