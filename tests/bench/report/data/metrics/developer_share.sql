/*
title: Developer share of spend
unit: percent
period: quarter
dimensions: [developer]
value: share
columns:
  spend: {title: Spend, unit: "currency:USD", display: 0}
chart: {type: stacked-bar, x: quarter, y: share, series: developer, top: 6}
*/
with total as (select quarter, developer, sum(spend_usd) as spend from deployments group by quarter, developer)
select quarter, developer, 100 * spend / sum(spend) over (partition by quarter) as share, spend from total
