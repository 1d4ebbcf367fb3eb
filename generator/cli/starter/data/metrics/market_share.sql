/*
# Metrics may select from datasets (data/*.csv) and from other metrics.
title: Market share
description: A vendor's part of the quarter's revenue.
unit: percent            # values from 0 to 100
period: quarter
dimensions: [vendor]     # one value for each vendor and quarter
value: share
good: neutral
*/
select s.quarter, s.vendor, 100.0 * s.revenue_usd / m.revenue_usd as share
from sales s
join market_size m on m.quarter = s.quarter
order by s.quarter, s.vendor
