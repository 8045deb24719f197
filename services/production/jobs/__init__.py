"""Jobs: the operations of released orders, their life on the floor, their runs and crews."""
