"""The register of actors: institutions in one of six categories."""
