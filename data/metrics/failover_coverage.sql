/*
title: Failover coverage
description: Uses of a developer’s models – one enterprise, platform and role – where the enterprise already runs another developer’s model for the same role on the same platform.
unit: percent
period: quarter
dimensions: [developer]
value: coverage
good: up
display: 1
columns:
  covered: {title: Covered uses, unit: count, display: 0}
  uses: {title: Uses, unit: count, display: 0}
chart: {type: line, x: quarter, y: coverage, series: developer}
*/
with uses as (
  select distinct quarter, enterprise_id, platform, role, developer
  from deployments
),
peers as (
  select quarter, enterprise_id, platform, role, count(*) as developers
  from uses
  group by quarter, enterprise_id, platform, role
)
select u.quarter, u.developer,
       100.0 * count(*) filter (where p.developers >= 2) / count(*) as coverage,
       count(*) filter (where p.developers >= 2) as covered,
       count(*) as uses
from uses u
join peers p on p.quarter = u.quarter and p.enterprise_id = u.enterprise_id
            and p.platform = u.platform and p.role = u.role
group by u.quarter, u.developer
order by u.quarter, u.developer
