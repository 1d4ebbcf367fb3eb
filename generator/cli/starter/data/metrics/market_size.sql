/*
# A metric is one SELECT. This comment says what its columns mean; 'stet help build' and the guide tell more.
title: Market size
description: Revenue of all vendors in a quarter.
unit: currency:USD
period: quarter          # the column that orders time
value: revenue_usd       # the column that holds the metric's value
good: up                 # up, down or neutral: which way is good news
display: 0               # decimals shown
*/
select quarter, sum(revenue_usd) as revenue_usd
from sales
group by quarter
order by quarter
