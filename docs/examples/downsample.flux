// The mean of each ten seconds of a topic, as Flux says it. InfluxDB 1.8 runs this as a query.
//
// The technote wants tasks that do this; InfluxDB 1.8 has none (docs/decisions/0021-tiers.md). All
// points are read into the engine's memory field by field, and the answer goes to the client.

from(bucket: "efd/autogen")
  |> range(start: -2h, stop: -1h)
  |> filter(fn: (r) => r._measurement == "lsst.sal.ESS.temperature")
  |> filter(fn: (r) => r._field == "temperature")
  |> aggregateWindow(every: 10s, fn: mean, timeSrc: "_start", createEmpty: false)
  |> keep(columns: ["_time", "_value"])
