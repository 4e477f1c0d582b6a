"""The lab: settings and loops of one's own, experiments, sweeps, and runs side by side."""
