/*
title: Blended margin
description: Margin of a platform’s mix of infrastructure and partnership revenue, under low, middle and high assumptions for the margin of each.
unit: percent
period: quarter
dimensions: [platform, assumption]
value: margin
good: up
display: 1
columns:
  infrastructure_margin: {title: Assumed infrastructure margin, unit: percent, display: 0}
  partnership_margin: {title: Assumed partnership margin, unit: percent, display: 0}
chart: {type: line, x: quarter, y: margin, series: assumption, where: {platform: Azure}}
*/
with cases as (
  select 'low' as assumption, cast($infra_margin_low as double precision) as infrastructure_margin,
         cast($partner_margin_low as double precision) as partnership_margin
  union all
  select 'mid', cast($infra_margin_mid as double precision), cast($partner_margin_mid as double precision)
  union all
  select 'high', cast($infra_margin_high as double precision), cast($partner_margin_high as double precision)
)
select r.quarter, r.platform, c.assumption,
       (cast(r.share as double precision) * c.infrastructure_margin
        + (100 - cast(r.share as double precision)) * c.partnership_margin) / 100 as margin,
       c.infrastructure_margin, c.partnership_margin
from recurring_share r
cross join cases c
order by r.quarter, r.platform, c.assumption
