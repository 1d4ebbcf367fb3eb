/*
title: Consolidation rate
unit: percent
period: quarter
dimensions: [platform]
value: rate
columns:
  consolidated: {title: Consolidated, unit: count}
*/
with parts as (select quarter, enterprise_id, platform, sum(spend_usd) as spend from deployments
               group by quarter, enterprise_id, platform),
wholes as (select quarter, enterprise_id, count(distinct model) as models, sum(spend_usd) as spend from deployments
           group by quarter, enterprise_id),
multi as (select quarter, count(*) as enterprises from wholes where models >= 2 group by quarter)
select p.quarter, p.platform, 100.0 * count(*) / max(m.enterprises) as rate, count(*) as consolidated
from parts p
join wholes w on w.quarter = p.quarter and w.enterprise_id = p.enterprise_id
join multi m on m.quarter = p.quarter
where w.models >= 2 and p.spend >= 0.5 * w.spend
group by p.quarter, p.platform
