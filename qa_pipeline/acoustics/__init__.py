"""What the samples alone say: where speech is, how healthy a channel is, levels and pitch."""
