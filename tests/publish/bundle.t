#!/usr/bin/env node
// One file that is the whole site: opens offline, every link leads somewhere, the same bytes each time.
'use strict';
const fs = require('fs'), path = require('path');
const { copy, finish, is, ok, run, stet, work } = require('../reports/lib.js');
const { spawnSync } = require('child_process');

const report = copy('tests/reports/components', 'bundled'), file = path.join(report, 'bundle.html');
is(run('bundle', report).status, 0, 'it is written');
const html = fs.readFileSync(file, 'utf8');
const ids = [...html.matchAll(/<[^>]*\sid="([^"]*)"/g)].map((m) => m[1]), set = new Set(ids);
is(ids.length, set.size, 'every id stands once');
is([...html.matchAll(/href="#([^"]*)"/g)].map((m) => m[1]).filter((id) => !set.has(id)).join(' '), '', 'every link within leads somewhere');
is([...html.matchAll(/(?:src|href)="(?!#|data:|https?:|mailto:)([^"]*)"/g)].map((m) => m[1]).join(' '), '', 'nothing outside is needed');
const pages = [...html.matchAll(/<article class="bundle-page" id="([^"]*)"/g)].map((m) => m[1]);
is(pages[0], 'p-home', 'the home page comes first');
const built = fs.readdirSync(path.join(report, 'out'), { recursive: true }).filter((name) => name.endsWith('.html') && name !== '404.html')
	.filter((name) => !fs.readFileSync(path.join(report, 'out', name), 'utf8').includes('http-equiv="refresh"')); // former addresses
is(pages.length, built.length, 'every page is there');
const zips = ['UTC', 'Asia/Tokyo'].map((zone, i) => {
	const to = path.join(work, `${i}.zip`);
	is(spawnSync(stet, ['bundle', '--out', to, report], { env: { ...process.env, TZ: zone } }).status, 0, `a zip in ${zone}`);
	return fs.readFileSync(to);
});
ok(zips[0].equals(zips[1]), 'the same bytes in every time zone');
fs.rmSync(path.join(report, '.stet'), { recursive: true });
run('bundle', report);
ok(fs.readFileSync(file, 'utf8') === html, 'the same document from nothing');
is(run('bundle', '--out', path.join(work, 'x.pdf'), report).status, 2, 'another ending is wrong usage');

(async () => {
	const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((name) => fs.existsSync(name));
	let playwright = null;
	try { playwright = require('../node_modules/playwright-core'); } catch { /* then no browser looks at it */ }
	if (chromium && playwright) {
		const browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox'] });
		const page = await browser.newPage(), asked = [];
		page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) asked.push(request.url()); });
		const shown = () => page.evaluate(() => [...document.querySelectorAll('.bundle-page')].filter((a) => getComputedStyle(a).display !== 'none').map((a) => a.id).join(' '));
		await page.goto(`file://${file}`);
		is(await shown(), 'p-home', 'a browser shows the home page alone');
		await page.locator('.bundle-page a[href="#p-regions-north--orders"]').first().click();
		is(await shown(), 'p-regions-north', 'a link to a heading shows its page');
		ok(!(await page.getByText('Download:').first().isVisible()), 'files that are not in it are not offered');
		await page.setViewportSize({ width: 360, height: 740 });
		await page.locator('.masthead .menu-button').click();
		await page.locator('.menu a:visible').last().click();
		ok(!(await page.locator('.menu').isVisible()), 'on a phone the menu shuts behind a link');
		is(asked.join(' '), '', 'and asks the network for nothing');
		await browser.close();
	}
	finish();
})();
