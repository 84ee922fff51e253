"""The service for the network of actors: register, trainings, meetings, programmes."""
