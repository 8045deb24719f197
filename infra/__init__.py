"""What runs Dure: on this machine, in containers, on Kubernetes."""
