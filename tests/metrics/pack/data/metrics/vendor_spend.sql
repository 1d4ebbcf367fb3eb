/*
title: Spend by vendor
unit: currency:USD
period: quarter
dimensions: [vendor]
value: spend
*/
select quarter, vendor, sum(spend) as spend from uses group by quarter, vendor
