/*
title: Concentration of the model market (HHI)
description: Herfindahl-Hirschman index over developers’ shares of spend – 10,000 is a monopoly, lower is more fragmented.
unit: index
period: quarter
value: hhi
good: down
display: 0
columns:
  hhi: {title: HHI}
  hhi_tokens: {title: HHI over shares of tokens, unit: index, display: 0}
  largest_share: {title: Largest developer’s share of spend, unit: percent, display: 1}
chart: {type: line, x: quarter, y: hhi}
*/
select quarter,
       sum(cast(spend_share as double precision) * cast(spend_share as double precision)) as hhi,
       sum(cast(token_share as double precision) * cast(token_share as double precision)) as hhi_tokens,
       max(spend_share) as largest_share
from developer_share
group by quarter
order by quarter
