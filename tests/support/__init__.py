"""What tests share: builders, probes, a system of their own on real servers, a small service."""
