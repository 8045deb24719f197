"""What a tablet could not do: commands that were refused when it came back, and how a leader resolved them."""
