"""Master data: what the shop makes, on what, in which steps and shifts; and the reasons why it stops."""
