"""Jobs of released orders: started, paused, finished; results reported and reversed."""
