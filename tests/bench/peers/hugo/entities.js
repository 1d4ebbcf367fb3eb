// Hugo has no SQL and reads no CSV into pages: one content file an enterprise, front matter with its quarters.
// usage: node entities.js DEPLOYMENTS.csv SITE
const fs = require('fs'), path = require('path');
const [csv, site] = process.argv.slice(2), folder = path.join(site, 'content', 'enterprise');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });

function fields(line) {
	if (!line.includes('"'))
		return line.split(',');
	return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m => m[1] === undefined ? m[2] : m[1].replaceAll('""', '"'));
}

const enterprises = new Map();
for (const line of fs.readFileSync(csv, 'utf8').split('\n').slice(1)) {
	if (!line)
		continue;
	const [quarter, id, title, industry, region, platform, , model, tokens, spend] = fields(line);
	if (!enterprises.has(id))
		enterprises.set(id, { title, industry, region, quarters: new Map() });
	const { quarters } = enterprises.get(id);
	if (!quarters.has(quarter))
		quarters.set(quarter, { models: new Set(), platforms: new Map(), tokens: 0, spend: 0 });
	const q = quarters.get(quarter);
	q.models.add(model);
	q.platforms.set(platform, (q.platforms.get(platform) || 0) + Number(spend));
	q.tokens += Number(tokens);
	q.spend += Number(spend);
}
for (const [id, { title, industry, region, quarters }] of enterprises) {
	const rows = [...quarters].sort(([a], [b]) => a < b ? -1 : 1).map(([quarter, q]) => ({
		quarter, models: q.models.size, top: [...q.platforms].sort((a, b) => b[1] - a[1])[0][0],
		tokens: Math.round(q.tokens * 10) / 10, spend: Math.round(q.spend * 100) / 100,
	}));
	fs.writeFileSync(path.join(folder, id + '.md'), JSON.stringify({ title, industry, region, rows }) + '\n');
}
