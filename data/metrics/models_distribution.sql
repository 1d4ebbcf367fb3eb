/*
title: Enterprises by number of models
description: Share of enterprises with an AI programme that run one, two, three, four, or five and more distinct models.
unit: percent
period: quarter
dimensions: [models_in_use]
value: share
good: neutral
display: 1
columns:
  share: {title: Share of enterprises}
  enterprises: {title: Enterprises, unit: count, display: 0}
chart: {type: stacked-bar, x: quarter, y: share, series: models_in_use, sort: none}
*/
with bands as (
  select '1' as models_in_use, 1 as low, 1 as high
  union all select '2', 2, 2
  union all select '3', 3, 3
  union all select '4', 4, 4
  union all select '5+', 5, 1000000
),
quarters as (
  select quarter, count(*) as total
  from enterprise_portfolio
  group by quarter
)
select q.quarter, b.models_in_use,
       100.0 * count(p.models) / q.total as share,
       count(p.models) as enterprises
from quarters q
cross join bands b
left join enterprise_portfolio p on p.quarter = q.quarter and p.models between b.low and b.high
group by q.quarter, b.models_in_use, q.total
order by q.quarter, b.models_in_use
