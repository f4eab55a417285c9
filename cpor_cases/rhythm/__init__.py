"""The rhythm of a court: when its system usually sends data, as learnt from its imports or set by its manager, and
whether it is late. A court that sends irregularly has no rhythm, and nothing is said of it."""
