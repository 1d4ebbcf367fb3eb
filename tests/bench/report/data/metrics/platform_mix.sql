/*
title: Developers on each platform
description: Share of the platform's spend in the latest quarter.
unit: percent
dimensions: [platform, developer]
value: share
chart: {type: heatmap, x: platform, y: developer, value: share}
*/
with spend as (select platform, developer, sum(spend_usd) as spend from deployments
               where quarter = (select max(quarter) from deployments) group by platform, developer)
select platform, developer, 100 * spend / sum(spend) over (partition by platform) as share from spend
