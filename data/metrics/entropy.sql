/*
title: Entropy of the model market
description: Shannon entropy over developers’ shares of spend – 0 when one developer takes all, higher as spend spreads.
unit: bits
period: quarter
value: entropy
good: up
display: 2
columns:
  entropy: {title: Entropy}
  evenness: {title: Share of the possible entropy, unit: percent, display: 1}
chart: {type: line, x: quarter, y: entropy}
*/
with shares as (
  select quarter, cast(spend_share as double precision) / 100 as share
  from developer_share
  where spend_share > 0
),
developers as (
  select cast(count(distinct developer) as double precision) as n from hosting
),
bits as (
  select quarter, -sum(share * ln(share)) / ln(cast(2 as double precision)) as entropy
  from shares
  group by quarter
)
select b.quarter, b.entropy,
       100 * b.entropy * ln(cast(2 as double precision)) / ln(d.n) as evenness
from bits b
cross join developers d
order by b.quarter
