"""Many runs: jobs, replicates, processes, worlds over assumptions, worked cases."""
