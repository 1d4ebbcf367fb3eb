#!/usr/bin/env node
// Every chart type in a browser: the gallery in light, dark, forced colours and print, wide and on a phone. What axe
// finds, what the keyboard reaches, the contrast of every text on what it stands on, and specs shown as drawn.
'use strict';
const fs = require('fs');
const {PHONE, WIDE, main, ok, open, violations} = require('./lib.js');

const LOOKS = [
	['light, wide', {viewport: WIDE, colorScheme: 'light'}],
	['dark, on a phone', {viewport: PHONE, colorScheme: 'dark'}],
	['forced colours', {viewport: WIDE, forcedColors: 'active'}],
];
const STOPS_MOST = 14; // of one chart

// ---- in the page -----------------------------------------------------------------------------------

// WCAG 1.4.3 for every text of every chart that is shown. axe does not judge SVG text; here what it stands on is
// known: its own group's fill where it lies on a mark, else the paper.
function lowContrast() {
	const lum = c => {
		const v = c.map(x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
		return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
	};
	const probe = document.body.appendChild(document.createElement('i'));
	probe.style.forcedColorAdjust = 'none';
	const rgb = text => {
		probe.style.color = '';
		probe.style.color = text;
		const own = getComputedStyle(probe).color; // "rgb(...)", or "color(srgb ...)" of a mixture
		return own.match(/[\d.]+/g).slice(0, 3).map(part => own.startsWith('color(') ? part * 255 : +part);
	};
	const root = getComputedStyle(document.documentElement), found = [];
	for (const text of document.querySelectorAll('svg.chart text')) {
		if (!text.getClientRects().length) continue;
		const group = text.parentElement, own = getComputedStyle(text);
		const ground = group.classList.contains('ch-on-fill') ? own.getPropertyValue('--fill') : root.getPropertyValue('--chart-paper');
		const a = lum(rgb(own.fill)), b = lum(rgb(ground));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.495) found.push(`${ratio.toFixed(2)}:1 '${text.textContent}' (${group.getAttribute('class')}) ${own.fill} on ${ground}`);
	}
	probe.remove();
	return found;
}

// Texts that stick out of their chart's box, and charts that stick out of the page.
function outside() {
	const found = [];
	for (const svg of document.querySelectorAll('svg.chart')) {
		const box = svg.getBoundingClientRect();
		if (!box.width) continue;
		const title = document.getElementById(svg.getAttribute('aria-labelledby').split(' ')[0]).textContent;
		if (box.right > document.documentElement.clientWidth + 1) found.push(`${title} is too wide`);
		for (const text of svg.querySelectorAll('text')) {
			const b = text.getBoundingClientRect();
			if (b.left < box.left - 2 || b.right > box.right + 2 || b.bottom > box.bottom + 2)
				found.push(`'${text.textContent}' leaves ${title}`);
		}
		// The narrow layout uses the wide one's strips again: they must lie where its own lines do.
		for (const use of svg.querySelectorAll('use')) {
			const b = use.getBoundingClientRect(), box = svg.getBoundingClientRect();
			if (b.width < 40 || b.height < 20 || b.left < box.left - 8 || b.right > box.right + 8 || b.top < box.top - 2 || b.bottom > box.bottom + 2)
				found.push(`strips of ${title} lie at ${Math.round(b.left)} ${Math.round(b.top)} ${Math.round(b.width)} x ${Math.round(b.height)}`);
			svg.scrollIntoView({block: 'center', behavior: 'instant'});
			const c = use.getBoundingClientRect();
			if (document.elementFromPoint(c.left + c.width / 2, c.top + c.height - 3) !== use) found.push(`strips of ${title} are not reached`);
		}
	}
	return found;
}

// The keyboard's stops in each chart shown: at least one, not too many, each with a name.
function stops(most) {
	const found = [];
	for (const svg of document.querySelectorAll('svg.chart')) {
		if (!svg.getBoundingClientRect().width) continue;
		const marks = [...svg.querySelectorAll('[tabindex]')];
		const [title, finding] = svg.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent);
		if (!marks.length || marks.length > most) found.push(`${title}: ${marks.length} stops`);
		for (const mark of marks)
			if (!(mark.getAttribute('aria-label') || (mark.querySelector(':scope > title') || {}).textContent))
				found.push(`${title}: a stop without a name`);
		if (!title || !finding) found.push(`${title}: no finding`);
	}
	return found;
}

// ---- looks -------------------------------------------------------------------------------------------

async function checkLook(browser, base, name, options) {
	const page = await open(browser, base, options);
	await page.goto(base);
	const charts = await page.locator('svg.chart:visible').count();
	ok(`${name}: one layout of every chart is shown`, charts < 30 && `${charts} charts`);
	ok(`${name}: axe finds nothing`, await violations(page));
	ok(`${name}: every text reads on what it stands on`, await page.evaluate(lowContrast));
	ok(`${name}: no text leaves its chart`, await page.evaluate(outside));
	ok(`${name}: the keyboard reaches every chart's marks`, await page.evaluate(stops, STOPS_MOST));
	ok(`${name}: nothing on the console, nothing from elsewhere`, page.faults);
	await page.context().close();
}

// Tab goes from mark to mark, and shows where it is.
async function checkKeyboard(browser, base) {
	const context = await browser.newContext({viewport: {width: 1500, height: 900}}), page = await context.newPage();
	await page.goto(base);
	const apart = await page.evaluate(() => [...document.querySelectorAll('.chart-figure')].filter(figure => {
		const picture = figure.getBoundingClientRect(), spec = figure.nextElementSibling.getBoundingClientRect();
		return spec.left < picture.right || Math.abs(spec.top - picture.top) > 40;
	}).map(figure => figure.id));
	ok('on a wide screen the spec stands beside its picture', apart);
	const mark = page.locator('#azure-gained-what-aws-lost svg.wide [tabindex]').first();
	await mark.focus();
	await page.keyboard.press('Tab');
	const seen = await page.evaluate(() => {
		const mark = document.activeElement;
		return {tag: mark.tagName, role: mark.getAttribute('role'), name: (mark.querySelector('title') || {}).textContent,
			outline: getComputedStyle(mark).outlineStyle};
	});
	ok('Tab leads to the next mark', [seen.role !== 'graphics-symbol' && JSON.stringify(seen), !seen.name && 'it has no name',
		seen.outline === 'none' && 'it does not show']);
	await context.close();
}

async function checkPrint(browser, base) {
	const context = await browser.newContext({viewport: {width: 700, height: 1000}, colorScheme: 'dark'}), page = await context.newPage();
	await page.emulateMedia({media: 'print', colorScheme: 'dark'});
	await page.goto(base);
	const seen = await page.evaluate(() => ({
		wide: [...document.querySelectorAll('svg.wide')].every(e => e.getClientRects().length),
		narrow: [...document.querySelectorAll('svg.narrow')].some(e => e.getClientRects().length),
		paper: getComputedStyle(document.documentElement).getPropertyValue('--chart-paper').trim(),
	}));
	ok('print: the wide layout, dark on white', [!seen.wide && 'a wide layout is missing', seen.narrow && 'a narrow one is shown',
		seen.paper !== '#ffffff' && `paper is ${seen.paper}`]);
	await context.close();
}

// Beside each chart stands the spec that drew it, letter for letter; and there is one of every type.
function checkSpecs() {
	const page = fs.readFileSync('tests/reports/gallery/templates/pages/index.md', 'utf8'), faults = [];
	const blocks = [...page.matchAll(/```(chart|yaml)\n([\s\S]*?)\n```/g)];
	for (let i = 0; i < blocks.length; i += 2)
		if (blocks[i][1] !== 'chart' || !blocks[i + 1] || blocks[i + 1][1] !== 'yaml' || blocks[i][2] !== blocks[i + 1][2])
			faults.push(`not shown as drawn: ${blocks[i][2].split('\n')[0]}`);
	const source = fs.readFileSync('generator/chart/types.c', 'utf8');
	const drawn = new Set(blocks.map(block => (/^type: (\S+)/m.exec(block[2]) || [])[1]));
	for (const [, type] of source.matchAll(/^\t\{"([a-z-]+)", /gm))
		if (!drawn.has(type)) faults.push(`no picture of ${type}`);
	ok('every type is there, each with its spec', faults);
}

checkSpecs();
main('tests/reports/gallery', '/', async (browser, base) => {
	for (const [name, options] of LOOKS) await checkLook(browser, base, name, options);
	await checkKeyboard(browser, base);
	await checkPrint(browser, base);
}, said => ok('the gallery builds without a word', said));
