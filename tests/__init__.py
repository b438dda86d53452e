"""Is it correct? One file per module, whole interviews, faults over real sockets."""
