"""Whether all services know the same, looked at before they start; what somebody lost is told again, or made anew."""
