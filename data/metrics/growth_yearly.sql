/*
title: Growth from year to year
description: Change of the report’s main measures against the same quarter a year before, and their compound annual rate since the panel began.
unit: percent
period: quarter
dimensions: [measure]
value: growth
good: neutral
decimals: 6
display: 1
columns:
  growth: {title: Growth over a year}
  cagr: {title: Compound annual growth since the start, unit: percent, display: 1}
chart: {type: line, x: quarter, y: growth, series: measure}
*/
with levels as (
  select quarter, 'models per enterprise' as measure, cast(mean as double precision) as level
  from models_per_enterprise
  union all
  select quarter, 'multi-model share', cast(share as double precision) from multi_model_share
  union all
  select quarter, 'Azure consolidation rate', cast(rate as double precision)
  from consolidation_rate where platform = 'Azure'
  union all
  select quarter, 'model spend', spend from market_size
  union all
  select quarter, 'platforms per enterprise', cast(mean as double precision) from platforms_per_enterprise
  union all
  select quarter, 'AI revenue', cast(sum(revenue_usd_m) as double precision) from platform_revenue group by quarter
),
steps as (
  select quarter, measure, level,
         lag(level, 4) over (partition by measure order by quarter) as year_ago,
         first_value(level) over (partition by measure order by quarter) as at_start,
         row_number() over (partition by measure order by quarter) - 1 as quarters
  from levels
)
select quarter, measure,
       100 * (level / year_ago - 1) as growth,
       100 * (power(level / at_start, 4 / cast(quarters as double precision)) - 1) as cagr
from steps
where year_ago is not null
order by quarter, measure
