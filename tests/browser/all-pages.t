#!/usr/bin/env node
// Every page of the case study in a browser, opened once and looked at wide and light, on a phone and dark, at 320 px,
// with text twice as large; then once more without JavaScript. LOOKS=all looks at light and dark in both widths;
// LOOK_AT=DIR at a site already built; TABS=N at N pages at a time.
'use strict';
const {PHONE, WIDE, main, ok, open, pages, sticksOut, violations} = require('./lib.js');

const TABS = Number(process.env.TABS || 3);
const LOOKS = [
	['light, wide', WIDE, 'light'],
	['dark, on a phone', PHONE, 'dark'],
	...process.env.LOOKS === 'all' ? [['light, on a phone', PHONE, 'light'], ['dark, wide', WIDE, 'dark']] : [],
];
const REFLOWS = [
	['320 px', {width: 320, height: 640}, ''],
	['200 % zoom of 1280 px, text twice as large', {width: 640, height: 400}, '200%'],
];

// Runs look(page, url) on every page, TABS at a time, in tabs with these options; gives what the tabs wrote down.
async function everyPage(browser, base, urls, options, look) {
	const waiting = [...urls];
	const tab = async () => {
		const page = await open(browser, base, options);
		for (let url; (url = waiting.shift());) {
			await page.goto(base + url);
			await look(page, url);
		}
		await page.context().close();
		return page.faults;
	};
	return (await Promise.all(Array.from({length: TABS}, tab))).flat();
}

main('.', '/sub/path/', async (browser, base, root) => {
	const urls = pages(root), found = new Map([...LOOKS, ...REFLOWS].map(look => [look[0], []]));
	const began = Date.now();
	const faults = await everyPage(browser, base, urls, {viewport: WIDE}, async (page, url) => {
		for (const [name, viewport, colorScheme] of LOOKS) {
			await page.setViewportSize(viewport);
			await page.emulateMedia({colorScheme, reducedMotion: colorScheme === 'dark' ? 'reduce' : 'no-preference'});
			for (const fault of await violations(page)) found.get(name).push(`${url}: ${fault}`);
		}
		for (const [name, viewport, size] of REFLOWS) {
			await page.setViewportSize(viewport);
			await page.evaluate(text => { document.documentElement.style.fontSize = text; }, size);
			const fault = await page.evaluate(sticksOut);
			if (fault) found.get(name).push(`${url}: ${fault}`);
		}
	});
	console.log(`# ${urls.length} pages in ${((Date.now() - began) / 1000).toFixed(1)} s`);
	for (const [name] of LOOKS) ok(`${urls.length} pages, ${name}: axe finds nothing`, found.get(name));
	for (const [name] of REFLOWS) ok(`${name}: nothing sticks out sideways`, found.get(name));
	ok('nothing on the console, nothing from elsewhere', faults);
	ok('nor without JavaScript', await everyPage(browser, base, urls, {viewport: WIDE, javaScriptEnabled: false}, () => {}));
	console.log(`# all in ${((Date.now() - began) / 1000).toFixed(1)} s`);
});
