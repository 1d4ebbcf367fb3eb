/*
title: Revenue at risk
description: AI revenue, scaled to the market, that a platform would lose in a quarter if a developer left it, when a low, middle or high part of that revenue stays with the platform’s other models.
unit: USD m
period: quarter
dimensions: [platform, developer, retention]
value: loss
good: down
columns:
  loss_share: {title: Share of the platform’s AI revenue, unit: percent, display: 1}
chart: {type: line, x: quarter, y: loss, series: developer, where: {platform: Azure, retention: mid}}
*/
with cases as (
  select 'low' as retention, cast($retention_low as double precision) as kept
  union all select 'mid', cast($retention_mid as double precision)
  union all select 'high', cast($retention_high as double precision)
)
select m.quarter, m.platform, m.developer, c.retention,
       (1 - c.kept) * cast(m.spend_usd as double precision) * cast($expansion as double precision) / 1000000 as loss,
       (1 - c.kept) * cast(m.share as double precision) as loss_share
from developer_mix_by_platform m
cross join cases c
where m.spend_usd > 0
order by m.quarter, m.platform, m.developer, c.kept
