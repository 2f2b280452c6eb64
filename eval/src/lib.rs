//! Golden suite, scores, statistics, judge, gate.
