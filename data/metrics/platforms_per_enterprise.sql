/*
title: Platforms per enterprise
description: Distinct cloud platforms in use for AI, averaged over the enterprises with an AI programme.
unit: platforms
period: quarter
value: mean
good: neutral
display: 2
columns:
  single_platform_share: {title: Enterprises on one platform only, unit: percent, display: 1}
  enterprises: {title: Enterprises with an AI programme, unit: count, display: 0}
chart: {type: line, x: quarter, y: mean}
*/
select quarter,
       avg(1.0 * platforms) as mean,
       100.0 * count(*) filter (where platforms = 1) / count(*) as single_platform_share,
       count(*) as enterprises
from enterprise_portfolio
group by quarter
order by quarter
