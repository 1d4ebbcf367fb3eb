#!/usr/bin/env node
// The case study's metrics a second time, from the CSV files alone: no SQL, no floating point. Sums are whole
// numbers of cents and tenths, quotients are fractions, and rounding to 12 digits is done on those.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path');
const { execFileSync } = require('child_process');

const stet = path.resolve(process.env.BUILD || 'build', 'stet');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-'));
for (const part of ['data', 'templates']) fs.cpSync(part, path.join(dir, part), { recursive: true });

// ---- fractions: pairs of BigInt
const frac = (n, d = 1n) => ({ n: BigInt(n), d: BigInt(d) });
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
const less = f => { const g = gcd(f.n, f.d) || 1n; return { n: f.n / g, d: f.d / g }; };
const add = (a, b) => less(frac(a.n * b.d + b.n * a.d, a.d * b.d));
const mul = (a, b) => less(frac(a.n * b.n, a.d * b.d));
const div = (a, b) => less(frac(a.n * b.d, a.d * b.n));
const above = (a, b) => a.n * b.d > b.n * a.d;
const percent = (part, whole) => div(mul(frac(100), part), whole);

// '12.345' as a fraction; a fraction as the text of its first 12 significant digits, half away from zero.
const parse = text => { const [w, p = ''] = text.split('.'); return less(frac(BigInt(w + p), 10n ** BigInt(p.length))); };
function twelve(f) {
	if (f.n === 0n) return frac(0);
	let scale = 0n;
	const at = k => (k >= 0n ? f.n * 10n ** k / f.d : f.n / (f.d * 10n ** -k));
	while (at(scale) >= 10n ** 12n) scale--;
	while (at(scale) < 10n ** 11n) scale++;
	const [n, d] = scale >= 0n ? [f.n * 10n ** scale, f.d] : [f.n, f.d * 10n ** -scale];
	const whole = (2n * n + d) / (2n * d);
	return less(scale >= 0n ? frac(whole, 10n ** scale) : frac(whole * 10n ** -scale));
}
function text(f) {
	const r = twelve(f);
	let places = 0n;
	while (10n ** places % r.d !== 0n) places++;
	const digits = String(r.n * 10n ** places / r.d).padStart(Number(places) + 1, '0');
	return places === 0n ? digits : `${digits.slice(0, -Number(places))}.${digits.slice(-Number(places))}`;
}

// ---- tables
function table(name) {
	const rows = [];
	let row = [''], quoted = false;
	for (const c of fs.readFileSync(path.join(dir, 'data', `${name}.csv`), 'utf8')) {
		if (c === '"') quoted = !quoted;
		else if (c === ',' && !quoted) row.push('');
		else if (c === '\n' && !quoted) { rows.push(row); row = ['']; } else row[row.length - 1] += c;
	}
	return rows.slice(1).map(r => Object.fromEntries(rows[0].map((key, i) => [key, r[i]])));
}
const deployments = table('deployments'), hosting = table('hosting');
for (const d of deployments) { d.spend = parse(d.spend_usd); d.tokens = parse(d.tokens_m); }
const unique = list => [...new Set(list)].sort();
const group = (rows, ...keys) => {
	const groups = new Map();
	for (const row of rows) {
		const key = keys.map(k => row[k]).join('|');
		if (!groups.has(key)) groups.set(key, []);
		groups.get(key).push(row);
	}
	return groups;
};
const sum = (rows, key) => rows.reduce((s, r) => add(s, r[key]), frac(0));
const quarters = unique(deployments.map(d => d.quarter));
const platforms = unique(hosting.map(h => h.platform)), developers = unique(hosting.map(h => h.developer));
const byQuarter = group(deployments, 'quarter');
const counter = quarter => 4 * Number(quarter.slice(0, 4)) + Number(quarter.slice(5));

// One enterprise in one quarter.
const portfolio = [...group(deployments, 'quarter', 'enterprise_id')].map(([key, rows]) => {
	const spend = [...group(rows, 'platform')].map(([platform, r]) => ({ platform, spend: sum(r, 'spend') }));
	spend.sort((a, b) => (above(a.spend, b.spend) ? -1 : above(b.spend, a.spend) ? 1 : a.platform < b.platform ? -1 : 1));
	const [quarter, enterprise] = key.split('|');
	const count = column => unique(rows.map(r => r[column])).length;
	return { quarter, enterprise, models: count('model'), developers: count('developer'), platforms: count('platform'),
		home: spend[0].platform, homeShare: twelve(percent(spend[0].spend, sum(rows, 'spend'))) };
});
const portfolios = group(portfolio, 'quarter');
const mean = list => frac(list.reduce((s, v) => s + v, 0), list.length);

// ---- the metrics: NAME: { columns, rows() } with the key first, then the values
const metrics = {
	multi_model_share: ['quarter,share,multi_model,enterprises,mean_developers', () => quarters.map(q => {
		const all = portfolios.get(q), multi = all.filter(p => p.developers >= 2);
		return [q, percent(frac(multi.length), frac(all.length)), frac(multi.length), frac(all.length), mean(all.map(p => p.developers))];
	})],
	models_per_enterprise: ['quarter,mean,median,most', () => quarters.map(q => {
		const models = portfolios.get(q).map(p => p.models).sort((a, b) => a - b), n = models.length;
		return [q, mean(models), frac(models[(n - 1) >> 1] + models[n >> 1], 2), frac(models[n - 1])];
	})],
	platforms_per_enterprise: ['quarter,mean,single_platform_share', () => quarters.map(q => {
		const all = portfolios.get(q);
		return [q, mean(all.map(p => p.platforms)), percent(frac(all.filter(p => p.platforms === 1).length), frac(all.length))];
	})],
	consolidation_rate: ['quarter,platform,rate,consolidated', () => quarters.flatMap(q => platforms.map(platform => {
		const multi = portfolios.get(q).filter(p => p.developers >= 2);
		const there = multi.filter(p => p.home === platform && !above(frac(50), p.homeShare)).length;
		return [q, platform, percent(frac(there), frac(multi.length)), frac(there)];
	}))],
	platform_share: ['quarter,platform,spend_share,token_share,spend_usd,enterprises', () => quarters.flatMap(q => platforms.map(platform => {
		const all = byQuarter.get(q), here = all.filter(d => d.platform === platform);
		return [q, platform, percent(sum(here, 'spend'), sum(all, 'spend')), percent(sum(here, 'tokens'), sum(all, 'tokens')),
			sum(here, 'spend'), frac(unique(here.map(d => d.enterprise_id)).length)];
	}))],
	developer_share: ['quarter,developer,spend_share,token_share,spend_usd', () => quarters.flatMap(q => developers.map(developer => {
		const all = byQuarter.get(q), own = all.filter(d => d.developer === developer);
		return [q, developer, percent(sum(own, 'spend'), sum(all, 'spend')), percent(sum(own, 'tokens'), sum(all, 'tokens')), sum(own, 'spend')];
	}))],
	hhi: ['quarter,hhi,largest_share', () => quarters.map(q => {
		const all = byQuarter.get(q), whole = sum(all, 'spend');
		const shares = [...group(all, 'developer').values()].map(rows => twelve(percent(sum(rows, 'spend'), whole)));
		return [q, shares.map(s => mul(s, s)).reduce(add), shares.reduce((a, b) => (above(a, b) ? a : b))];
	})],
	neutrality_index: ['quarter,platform,index,hosted', () => quarters.flatMap(q => platforms.map(platform => {
		const frontier = hosting.filter(h => h.frontier === 'true'), all = unique(frontier.map(h => h.developer)).length;
		const hosted = frontier.filter(h => h.platform === platform && h.since <= q).length;
		return [q, platform, percent(frac(hosted), frac(all)), frac(hosted)];
	}))],
	silicon_cost_share: ['quarter,share,share_4q', () => {
		const costs = table('infrastructure_cost').map(c => ({ ...c, cost: parse(c.cost_usd_m) })), groups = group(costs, 'quarter');
		const own = rows => sum(rows.filter(c => c.component === 'custom silicon'), 'cost');
		return unique([...groups.keys()]).map((q, i, all) => {
			const year = all.slice(Math.max(0, i - 3), i + 1).flatMap(k => groups.get(k));
			return [q, percent(own(groups.get(q)), sum(groups.get(q), 'cost')), percent(own(year), sum(year, 'cost'))];
		});
	}],
	recurring_share: ['quarter,platform,share,licensing_usd_m', () => {
		const revenue = table('platform_revenue').map(r => ({ ...r, value: parse(r.revenue_usd_m) }));
		return [...group(revenue, 'quarter', 'platform')].filter(([, rows]) => sum(rows, 'value').n > 0n).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, rows]) => {
			const licensing = sum(rows.filter(r => r.stream === 'partnership licensing'), 'value'), whole = sum(rows, 'value');
			return [...key.split('|'), percent(add(whole, mul(frac(-1), licensing)), whole), licensing];
		});
	}],
	visibility: ['quarter,platform,developer,share,reach', () => quarters.flatMap(q => {
		const all = byQuarter.get(q), whole = sum(all, 'tokens'), own = group(all, 'developer');
		return [...group(all, 'platform', 'developer')].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, rows]) => {
			const [platform, developer] = key.split('|');
			return [q, platform, developer, percent(sum(rows, 'tokens'), whole), percent(sum(rows, 'tokens'), sum(own.get(developer), 'tokens'))];
		});
	})],
	failover_coverage: ['quarter,developer,coverage,covered,uses', () => quarters.flatMap(q => {
		const places = group(byQuarter.get(q), 'enterprise_id', 'platform', 'role'), found = {};
		for (const rows of places.values()) {
			const there = unique(rows.map(r => r.developer));
			for (const d of there) { found[d] = found[d] || [0, 0]; found[d][0] += there.length >= 2; found[d][1]++; }
		}
		return Object.keys(found).sort().map(d => [q, d, percent(frac(found[d][0]), frac(found[d][1])), frac(found[d][0]), frac(found[d][1])]);
	})],
	second_model_lag: ['cohort,lag,share,enterprises', () => {
		const firsts = [...group(portfolio, 'enterprise').values()].map(steps => {
			const second = steps.filter(s => s.developers >= 2).map(s => counter(s.quarter));
			const start = unique(steps.map(s => s.quarter))[0];
			return { cohort: start, lag: second.length ? Math.min(...second) - counter(start) : null };
		});
		const last = counter(quarters[quarters.length - 1]);
		return [...group(firsts, 'cohort')].filter(([c]) => counter(c) + 4 <= last).sort(([a], [b]) => (a < b ? -1 : 1)).map(([cohort, all]) => {
			const done = all.filter(f => f.lag !== null);
			return [cohort, mean(done.map(f => f.lag)), percent(frac(done.length), frac(all.length)), frac(all.length)];
		});
	}],
};

// ---- held against each other
const names = Object.keys(metrics);
console.log(`1..${names.length}`);
names.forEach((name, i) => {
	const [columns, rows] = metrics[name], keys = rows()[0].findIndex(v => typeof v !== 'string');
	const order = columns.split(',').slice(0, keys).join(', ');
	const said = execFileSync(stet, ['-C', dir, 'query', '--as', 'csv', `select ${columns} from ${name} order by ${order}`], { encoding: 'utf8' })
		.trim().split('\n').slice(1);
	const own = rows().map(row => row.map(v => (typeof v === 'string' ? v : text(v))).join(','));
	const wrong = own.map((line, k) => [line, said[k]]).filter(([a, b]) => a !== b);
	const fine = wrong.length === 0 && own.length === said.length && own.length > 0;
	console.log(`${fine ? 'ok' : 'not ok'} ${i + 1} - ${name}: ${own.length} rows of ${columns.split(',').length - keys} values`);
	if (own.length !== said.length) console.log(`# ${own.length} rows here, ${said.length} there`);
	for (const [a, b] of wrong.slice(0, 3)) console.log(`# here:  ${a}\n# there: ${b}`);
});
fs.rmSync(dir, { recursive: true });
