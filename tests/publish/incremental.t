#!/usr/bin/env node
// A few hundred random edits: after each, the site and what is said of it are those of a build from nothing.
// SEED repeats a run, EDITS sets their number; CASE_EDITS those of the case study.
'use strict';
const fs = require('fs'), path = require('path');
// Thousands of files come and go: in memory where that can be had.
try { fs.accessSync('/dev/shm', fs.constants.W_OK); process.env.TMPDIR = '/dev/shm'; } catch { /* the disk, then */ }
const { copy, difference, finish, is, ok, run, tree, work } = require('../reports/lib.js');

const seed = Number(process.env.SEED || 20261), edits = Number(process.env.EDITS || 220);
const caseEdits = Number(process.env.CASE_EDITS || 12);
let state = seed >>> 0;
// Mulberry32: the same edits for the same seed.
function random(n) {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = Math.imul(state ^ (state >>> 15), 1 | state);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[random(list.length)];

class Report {
	constructor(dir) { this.dir = dir; this.serial = 0; }
	at(name) { return path.join(this.dir, name); }
	has(name) { return fs.existsSync(this.at(name)); }
	read(name) { return fs.readFileSync(this.at(name), 'utf8'); }
	write(name, text) { fs.mkdirSync(path.dirname(this.at(name)), { recursive: true }); fs.writeFileSync(this.at(name), text); return name; }
	list(dir, end) {
		return this.has(dir) ? fs.readdirSync(this.at(dir), { recursive: true, withFileTypes: true })
			.filter((e) => e.isFile() && e.name.endsWith(end)).map((e) => path.relative(this.dir, path.join(e.parentPath || e.path, e.name))).sort() : [];
	}
	page() { return pick(this.list('templates/pages', '.md')); }
	change(name, edit) {
		if (!name || !this.has(name)) return null;
		const before = this.read(name), after = edit(before);
		return before === after ? null : this.write(name, after);
	}
}

// Each edit gives the name of what it changed, or null where there was nothing to change.
const any = {
	prose: (r) => r.change(r.page(), (t) => `${t}\nWord ${r.serial++} and another.\n`),
	heading: (r) => r.change(r.page(), (t) => `${t}\n## Part ${r.serial++}\n\nText.\n`),
	'without its end': (r) => r.change(r.page(), (t) => t.replace(/\nWord \d+ and another\.\n$/, '\n')),
	title: (r) => r.change(r.page(), (t) => t.replace(/^title: (?!.*\{\{).*$/m, `title: Title ${r.serial++}`)),
	navigation: (r) => r.change(r.page(), (t) => t.replace(/^nav: .*$/m, pick(['nav: false', 'nav: {order: 4}', 'nav: {section: Other, order: 7}']))),
	'a new page': (r) => r.write(`templates/pages/new${r.serial}.md`, `---\ntitle: New ${r.serial++}\n---\n\n${pick(['Text.', '[Home](/)', '## A\n\n### B'])}\n`),
	'a page gone': (r) => { const n = pick(r.list('templates/pages', '.md').filter((p) => /new\d+\.md$/.test(p)).concat(null)); if (n) fs.rmSync(r.at(n)); return n; },
	'a page renamed': (r) => { const n = pick(r.list('templates/pages', '.md').filter((p) => /new\d+\.md$/.test(p)).concat(null)); if (n) fs.renameSync(r.at(n), r.at(`templates/pages/sub${r.serial % 3 ? '' : '/deep'}/new${r.serial++}.md`.replace(/^/, (fs.mkdirSync(r.at('templates/pages/sub/deep'), { recursive: true }), '')))); return n; },
	'a partial': (r) => r.write('templates/partials/footer.html', `<p>Foot ${r.serial++} of {{ site.title }}</p>\n`),
	'no partial': (r) => { const n = 'templates/partials/footer.html'; if (!r.has(n)) return null; fs.rmSync(r.at(n)); return n; },
	style: (r) => r.write('templates/assets/site.css', `p { margin: ${r.serial++}px }\n`),
	'an asset': (r) => r.write(`templates/assets/file${random(3)}.txt`, `asset ${r.serial++}`),
	'an asset gone': (r) => { const n = pick(r.list('templates/assets', '.txt').concat(null)); if (n) fs.rmSync(r.at(n)); return n; },
	'the title of all': (r) => r.change('templates/site.yaml', (t) => t.replace(/^title: .*$/m, `title: Report ${r.serial++}`)),
	'times alone': (r) => { const n = r.page(), now = new Date(1.6e12 + 1000 * r.serial++); fs.utimesSync(r.at(n), now, now); return n; },
	'nothing at all': () => 'nothing',
	'a file of the site lost': (r) => { const n = pick(r.list('out', '')); if (n) fs.rmSync(r.at(n)); return n; },
	'a file of the site touched': (r) => r.change(pick(r.list('out', '.html')), (t) => `${t}<!-- not ours -->`),
	'memory lost': (r) => { const n = pick(r.list('.stet', '').filter((p) => !p.endsWith('lock'))); if (n) fs.rmSync(r.at(n)); return n; },
	'memory damaged': (r) => { const n = pick(r.list('.stet', '').filter((p) => /(pages|data|site)-|state$/.test(p))); if (n) fs.appendFileSync(r.at(n), 'x'); return n; },
};
const small = {
	...any,
	'a number': (r) => r.change('data/sales.csv', (t) => t.replace(/^(2024Q[1-4],(?:North|South),)\d+/m, (m, a) => a + (60 + random(120)))),
	'a row more': (r) => r.change('data/sales.csv', (t) => `${t.trimEnd()}\n${2025 + r.serial}Q1,${pick(['North', 'South', 'West'])},${50 + random(90)},${1 + random(9)}\n`.replace(/^/, (r.serial++, ''))),
	'a row less': (r) => r.change('data/sales.csv', (t) => t.replace(/\n20[3-9]\dQ1.*\n$/, '\n').replace(/\n202[5-9]Q1.*\n$/, '\n')),
	'a new region': (r) => r.change('data/sales.csv', (t) => `${t.trimEnd()}\n2024Q1,Isle ${r.serial++},5,1\n`),
	'a region gone': (r) => r.change('data/sales.csv', (t) => t.replace(/^2024Q1,Isle.*\n/m, '')),
	'a claim': (r) => r.change('data/claims.csv', (t) => t.replace(/^(margin,)[^,]*/m, `$1Claim ${r.serial++}`)),
	"a metric's title": (r) => r.change(pick(r.list('data/metrics', '.sql')), (t) => t.replace(/^title: .*$/m, `title: Metric ${r.serial++}`)),
	'its SQL': (r) => r.change('data/metrics/north_share.sql', (t) => (t.includes('100.0 *') ? t.replace('100.0 *', '1e2 *') : t.replace('1e2 *', '100.0 *'))),
	'its results': (r) => r.change('data/metrics/total.sql', (t) => t.replace(/sum\(revenue\)( \+ \d+)?/, `sum(revenue) + ${r.serial++}`)),
	'a new metric': (r) => r.write(`data/metrics/extra${random(3)}.sql`, `/*\ntitle: Extra ${r.serial++}\nunit: count\nvalue: n\n*/\nselect count(*) as n from sales\n`),
	'a metric gone': (r) => { const n = pick(r.list('data/metrics', '.sql').filter((p) => p.includes('extra')).concat(null)); if (n) fs.rmSync(r.at(n)); return n; },
	'a figure on a page': (r) => r.change(r.page(), (t) => `${t}\n{{ metrics.${pick(['total', 'north_share | latest'])} }} was seen.\n`),
	'a chart on a page': (r) => r.change(r.page(), (t) => `${t}\n\`\`\`chart\nmetric: north_share\ntype: line\nx: quarter\ny: share\ntitle: Chart ${r.serial}\nid: chart-${r.serial++}\n\`\`\`\n`),
	'rows of a dataset': (r) => r.change(r.page(), (t) => `${t}\n{% for row in datasets.sales.rows limit: 2 %}{{ row.region }} {% endfor %}\n`),
	'a list of metrics': (r) => r.change(r.page(), (t) => `${t}\n{% for m in metrics %}{{ m.title }}; {% endfor %}\n`),
	'a page a row': (r) => r.write('templates/pages/rows.md', `---\ntitle: "Row {{ row.quarter }} {{ row.region }}"\nforeach: {dataset: sales}\nas: row\npath: rows/{{ row.quarter | slug }}-{{ row.region | slug }}/\n---\n\n{{ row.revenue }} (${r.serial++})\n`),
	'no page a row': (r) => { const n = 'templates/pages/rows.md'; if (!r.has(n)) return null; fs.rmSync(r.at(n)); return n; },
	'a parameter': (r) => r.change('templates/site.yaml', (t) => t.replace(/value: \d+/, `value: ${20 + random(60)}`)),
	'a language': (r) => r.change('templates/site.yaml', (t) => t.replace(/^locale: .*$/m, `locale: ${pick(['en', 'de', 'en-GB'])}`)),
	colours: (r) => r.change('templates/site.yaml', (t) => `${t.replace(/\ncategories:[\s\S]*$/, '\n')}categories:\n  region: [${pick(['North, South', 'South, West, North', 'West'])}]\n`),
	'a description': (r) => r.change('data/datapackage.json', (t) => t.replace(/"title": "Sales[^"]*"/, `"title": "Sales ${r.serial++}"`)),
	'a mistake': (r) => r.change(r.page(), (t) => `${t}\n{{ metrics.nowhere | latest }}\n`),
	'a broken link': (r) => r.change(r.page(), (t) => `${t}\n[lost](/nowhere/${r.serial++}/)\n`),
	'a layout at fault': (r) => r.write('templates/partials/stamp.html', '<p class="stamp">{{ site.title }}<b></p>\n'),
	'a layout': (r) => r.write('templates/partials/stamp.html', `<p class="stamp">{{ site.title }} ${r.serial++}</p>\n`),
};

// What was said, without times and places of the site.
const said = (text) => text.replaceAll(/\S*\/(?=(?:data|templates|out)\/)/g, '').split('\n').filter((line) => !/^(built|nothing to do|\d+ errors?|no site|stet: )|left as it was|nothing was built/.test(line)).join('\n');

function property(name, report, kinds, count) {
	let failed = 0, refused = 0, done = 0;
	const used = new Map();
	if (run('build', report.dir).status !== 0) { ok(false, `${name}: it builds`); return; }
	while (done < count && !failed) {
		const kind = pick(Object.keys(kinds)), saved = path.join(work, 'saved'), fresh = path.join(work, 'fresh');
		fs.rmSync(saved, { recursive: true, force: true });
		for (const part of ['data', 'templates']) fs.cpSync(report.at(part), path.join(saved, part), { recursive: true, preserveTimestamps: true });
		const changed = kinds[kind](report);
		if (!changed) continue;
		done++;
		used.set(kind, (used.get(kind) || 0) + 1);
		const inc = run('build', '--jobs', String(1 + random(3)), report.dir);
		fs.rmSync(fresh, { recursive: true, force: true });
		for (const part of ['data', 'templates']) fs.cpSync(report.at(part), path.join(fresh, part), { recursive: true });
		const whole = run('build', '--force', fresh);
		const where = `${name}: edit ${done} (${kind}: ${changed}), SEED=${seed}`;
		if (inc.status !== whole.status) { failed++; ok(false, `${where}: the same status`, inc.err, whole.err); break; }
		const current = inc.err.includes('nothing to do');
		if (!current && said(inc.err) !== said(whole.err)) { failed++; ok(false, `${where}: the same words`, said(inc.err), '----', said(whole.err)); break; }
		if (whole.status !== 0) { // the mistake is taken back
			refused++;
			for (const part of ['data', 'templates']) {
				fs.rmSync(report.at(part), { recursive: true, force: true });
				fs.cpSync(path.join(saved, part), report.at(part), { recursive: true, preserveTimestamps: true });
			}
			continue;
		}
		const differ = difference(tree(report.at('out')), tree(path.join(fresh, 'out')));
		if (differ.length > 0) { failed++; ok(false, `${where}: the same site`, ...differ); }
	}
	if (!failed) ok(true, `${name}: ${done} random edits of ${used.size} kinds, ${refused} of them mistakes`);
}

property('components', new Report(copy('tests/reports/components', 'small')), small, edits);
property('the case study', new Report(copy('.', 'case')), any, caseEdits);
finish();
