/*
title: Throughput gain of custom silicon
description: Published throughput of a chip on a workload, divided by that of standard processors.
unit: ratio
dimensions: [chip, workload]
value: factor
good: up
display: 1
columns:
  factor: {title: Throughput factor}
chart: {type: bar, x: chip, y: factor}
*/
select chip, workload, factor
from silicon
where factor is not null
order by chip, workload
