//! The roaster: physics, machine, operator, probes, feed; scenario in, telemetry and truth out.
