//! Resampling by cluster: counter-based generator, one stream per replicate, fixed reduction order.
