/*
title: Multi-model enterprises
description: Enterprises that use models of two or more developers, as a share of the enterprises that use any.
unit: percent
period: quarter
value: share
good: up
display: 1
columns:
  share: {title: Multi-model share}
  multi_model: {title: Multi-model enterprises, unit: count, display: 0}
  enterprises: {title: Enterprises with an AI programme, unit: count, display: 0}
  mean_developers: {title: Developers per enterprise, unit: developers, display: 2}
chart: {type: line, x: quarter, y: share}
*/
select quarter,
       100.0 * count(*) filter (where developers >= 2) / count(*) as share,
       count(*) filter (where developers >= 2) as multi_model,
       count(*) as enterprises,
       avg(1.0 * developers) as mean_developers
from enterprise_portfolio
group by quarter
order by quarter
