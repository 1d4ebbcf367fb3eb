#!/usr/bin/env node
// The one script: search and tables, served under the content security policy and opened from the disk; the index from
// A to Z that does without it.
'use strict';
const fs = require('fs'), path = require('path'), url = require('url');
const {PHONE, WIDE, main, ok, open, sticksOut, violations} = require('./lib.js');

const is = (name, got, wanted) => ok(name, JSON.stringify(got) === JSON.stringify(wanted) ? [] : `got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
const unit = text => text.replace(/\s+/g, ' ').trim();

// The policy forbids the way by which Playwright itself would wait in the page.
async function until(page, holds) {
	for (let i = 0; i < 400; i++) {
		if (await page.evaluate(holds)) return;
		await page.waitForTimeout(25);
	}
	throw new Error(`in vain: ${holds}`);
}

// What the box shows for a query: title, value and context of each result, and what is announced.
async function ask(page, query) {
	await page.fill('#search-box', '');
	await until(page, () => document.querySelector('#search-hits').hidden && document.querySelector('.search [role=status]').textContent === '');
	await page.fill('#search-box', query);
	await until(page, () => document.querySelector('.search [role=status]').textContent !== '');
	const hits = await page.$$eval('#search-hits li', list => list.map(li => ['.hit', 'b', 'small'].map(part => {
		const found = li.querySelector(part);
		return found ? found.textContent : '';
	})));
	return {hits: hits.map(hit => hit.map(unit)), says: await page.textContent('.search [role=status]')};
}

// The value a metric's CSV has, as a check from another side.
function fromCsv(root, metric, period, platform) {
	const [head, ...rows] = fs.readFileSync(path.join(root, `metrics/${metric}/${metric}.csv`), 'utf8').trim().split('\n').map(line => line.split(','));
	const row = rows.find(cells => cells[0] === period && cells[1] === platform);
	return Number(row[head.indexOf('rate')]).toFixed(1) + '%';
}

async function searching(page, base, root, how) {
	await page.goto(base + 'platforms/azure/index.html');
	const figure = await ask(page, 'Azure consolidation 2025');
	is(`${how}: a single figure, its value and period`, figure.hits[0], ['Consolidation rate · Azure', fromCsv(root, 'consolidation_rate', '2025Q4', 'Azure'), 'Q4 2025']);
	ok(`${how}: how many there are is announced`, figure.says === `Results: ${figure.hits.length}` ? [] : figure.says);
	is(`${how}: an entity's page comes before what speaks of it`, (await ask(page, 'anthropic')).hits[0][0], 'Anthropic');
	const metric = (await ask(page, 'consolidation')).hits, kind = metric.map(hit => hit[1] ? 'figure' : 'page');
	is(`${how}: the metric's page first`, metric[0][0], 'Consolidation rate');
	ok(`${how}: pages and headings before figures`, kind.lastIndexOf('page') < 2 || kind.indexOf('figure') < 2 ? kind.join(' ') : []);
	is(`${how}: one quarter, written as one word`, (await ask(page, '2024q1 consolidation azure')).hits[0].slice(1), [fromCsv(root, 'consolidation_rate', '2024Q1', 'Azure'), 'Q1 2024']);
	is(`${how}: an entity without a page of its own`, (await ask(page, 'european un')).hits[0][0], 'European Union');
	is(`${how}: nothing found is said`, (await ask(page, 'xyzzy')).says, 'Nothing found');
	is(`${how}: the list is shut then`, await page.getAttribute('#search-box', 'aria-expanded'), 'false');
	await ask(page, 'why build chips');
	await page.keyboard.press('Enter');
	await page.waitForURL(/custom-silicon\/index\.html#why-build-chips$/);
	ok(`${how}: Enter goes to the section`, []);
}

async function keyboard(page, base) {
	await page.goto(base + 'index.html');
	await page.keyboard.press('/');
	is('/ goes to the box', await page.evaluate(() => document.activeElement.id), 'search-box');
	is('and is not typed', await page.inputValue('#search-box'), '');
	await ask(page, 'azure');
	const active = () => page.evaluate(() => {
		const id = document.querySelector('#search-box').getAttribute('aria-activedescendant'), list = [...document.querySelectorAll('#search-hits li')];
		return [list.findIndex(li => li.id === id), list.filter(li => li.getAttribute('aria-selected') === 'true').length];
	});
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	is('arrows choose', await active(), [1, 1]);
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	const last = await page.locator('#search-hits li').count() - 1;
	is('and go round', await active(), [last, 1]);
	await page.keyboard.press('Escape');
	is('Escape shuts the list', await page.getAttribute('#search-box', 'aria-expanded'), 'false');
	await page.keyboard.press('Escape');
	is('and then leaves the box', await page.evaluate(() => [document.activeElement.tagName, document.querySelector('#search-box').value]), ['BODY', '']);
}

async function looks(page, base, faults) {
	for (const [viewport, colorScheme] of [[WIDE, 'light'], [WIDE, 'dark'], [PHONE, 'light'], [PHONE, 'dark'], [{width: 320, height: 640}, 'light']]) {
		await page.setViewportSize(viewport);
		await page.emulateMedia({colorScheme});
		await page.goto(base + 'metrics/consolidation_rate/index.html');
		await ask(page, 'azure 2025');
		await page.keyboard.press('ArrowDown');
		for (const fault of [...await violations(page), await page.evaluate(sticksOut)])
			if (fault) faults.push(`${viewport.width} ${colorScheme}: ${fault}`);
	}
}

const column = (table, number) => table.locator('tbody tr').evaluateAll((rows, n) => rows.filter(row => !row.hidden).map(row => row.cells[n].textContent.trim()), number);

async function tables(page, base) {
	await page.goto(base + 'metrics/consolidation_rate/index.html');
	const table = page.locator('table.data', {has: page.locator('tr#row-2025q4-azure')}), heads = table.locator('thead th');
	const before = await column(table, 0), values = await column(table, 2);
	await heads.nth(2).locator('button').click();
	const up = (await column(table, 2)).map(parseFloat);
	ok('a column of numbers ascends', up.every((value, i) => i === 0 || up[i - 1] <= value) && up.length === values.length ? [] : up.join(' '));
	is('aria-sort says so', await heads.nth(2).getAttribute('aria-sort'), 'ascending');
	await heads.nth(2).locator('button').click();
	is('then it descends', (await column(table, 2)).map(parseFloat), [...up].reverse());
	await heads.nth(0).locator('button').click();
	const quarters = (await column(table, 0)).map(text => text.replace(/Q(\d) (\d+)/, '$2Q$1'));
	is('quarters by time', quarters, [...quarters].sort());
	is('one column says how', await table.locator('th[aria-sort]').count(), 1);
	await heads.nth(0).locator('button').click();
	await heads.nth(0).locator('button').click();
	is('the third time as it was', await column(table, 0), before);
	const filter = page.locator('.filter', {has: page.locator('xpath=following-sibling::*[1]//tr[@id="row-2025q4-azure"]')});
	await filter.locator('input').fill('azure 2025');
	is('rows that hold the words stay', await column(table, 1), ['Azure', 'Azure', 'Azure', 'Azure']);
	is('how many is announced', await filter.locator('[role=status]').textContent(), `4 of ${before.length} rows`);
	await page.goto(base + 'platforms/index.html');
	const money = await page.evaluate(() => {
		const cell = [...document.querySelectorAll('main table.data td')].find(td => /\$.*(M|B|million|billion)$/.test(td.textContent.trim()) && td.closest('table').tHead.rows[0].cells[td.cellIndex].querySelector('button'));
		if (!cell) return null;
		const table = cell.closest('table');
		if (!table.checkVisibility()) table.closest('details').open = true;
		table.tHead.rows[0].cells[cell.cellIndex].querySelector('button').click();
		return [...table.tBodies[0].rows].map(row => row.cells[cell.cellIndex].textContent.trim());
	});
	const sizes = {K: 1e3, M: 1e6, B: 1e9};
	const worth = (money || []).map(text => parseFloat(text.replace(/[$,]/g, '')) * (sizes[text.slice(-1)] || 1));
	ok('amounts by their worth, whatever their unit', !money || worth.every((value, i) => i === 0 || worth[i - 1] <= value) ? [] : money.join(' '));
}

async function without(browser, base) {
	const page = await open(browser, base, {viewport: PHONE, javaScriptEnabled: false, reducedMotion: 'reduce'});
	await page.goto(base + 'platforms/azure/index.html');
	is('no search box', await page.locator('input').count(), 0);
	await page.locator('footer a', {hasText: 'Index A–Z'}).click();
	await page.locator('.letters a', {hasText: 'C'}).first().click();
	await page.locator('main a', {hasText: /^Consolidation rate$/}).click();
	ok('from the footer by the letter to the metric', page.url().endsWith('/metrics/consolidation_rate/index.html') ? [] : page.url());
	ok('nothing on the console', page.faults);
	await page.context().close();
}

main('.', '/sub/path/', async (browser, base, root) => {
	const script = fs.readdirSync(path.join(root, 'assets')).filter(name => name.endsWith('.js'));
	ok('one script, under 10 KB', script.length === 1 && fs.statSync(path.join(root, 'assets', script[0])).size < 10000 ? [] : script.map(name => `${name}: ${fs.statSync(path.join(root, 'assets', name)).size}`));
	ok('shards are small', fs.readdirSync(path.join(root, 'search')).map(name => [name, fs.statSync(path.join(root, 'search', name)).size]).filter(([, size]) => size > 65536).join(' '));
	const page = await open(browser, base, {viewport: WIDE});
	await searching(page, base, root, 'served');
	await keyboard(page, base);
	const faults = [];
	await looks(page, base, faults);
	ok('axe finds nothing with the list open, nothing sticks out', faults);
	await page.setViewportSize(WIDE);
	await tables(page, base);
	ok('served: nothing on the console, nothing from elsewhere', page.faults);
	await page.context().close();
	const disk = url.pathToFileURL(root).href + '/', local = await open(browser, disk, {viewport: WIDE});
	await searching(local, disk, root, 'from the disk');
	ok('from the disk: nothing on the console', local.faults);
	await local.context().close();
	await without(browser, base);
});
