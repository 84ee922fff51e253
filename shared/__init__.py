"""What all services share: contracts, the messaging heart, storage and observability."""
