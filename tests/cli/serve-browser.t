#!/usr/bin/env node
// From a saved Markdown file to the reloaded page, in a browser, on the case study. The time it takes is printed, and
// how much longer than its processor time a busy loop takes just then: other work on the machine only adds to it.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path');
const { spawn } = require('child_process');
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => fs.existsSync(file));
let playwright = null;
try { playwright = require('../node_modules/playwright-core'); } catch { /* said below */ }
if (!chromium || !playwright) { console.log('1..0 # SKIP no Chromium or no playwright-core'); process.exit(0); }

const SAVES = 9;
const stet = path.resolve(process.env.BUILD || 'build', 'stet');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-serve-'));
let tests = 0;
function ok(good, name, ...detail) {
	console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${name}`);
	if (!good) for (const line of detail.join('\n').split('\n')) console.log(`# ${line}`);
}

// How much longer than its processor time a busy loop takes: 1 on an idle machine.
function shared() {
	const cpu = process.cpuUsage(), began = process.hrtime.bigint();
	while (process.cpuUsage(cpu).user < 200000);
	return Math.max(1, Number(process.hrtime.bigint() - began) / 1e6 / 200);
}

async function look(browser, url, file, source) {
	const page = await browser.newPage(), faults = [];
	page.on('pageerror', (error) => faults.push(String(error)));
	page.on('console', (message) => { if (message.type() === 'error' && !message.text().startsWith('Failed to load')) faults.push(message.text()); });
	// Browsers ask for this one unasked.
	page.on('response', (answer) => { if (answer.status() >= 400 && !answer.url().endsWith('/favicon.ico')) faults.push(`${answer.status()} ${answer.url()}`); });
	await page.goto(`${url}takeaways/`);
	const times = [], before = shared();
	for (let save = 1; save <= SAVES; save++) {
		const mark = `Saved for the ${save}. time`;
		const began = process.hrtime.bigint();
		fs.writeFileSync(file, `${source}\n${mark}.\n`);
		await page.getByText(mark).waitFor({ state: 'attached', timeout: 30000 });
		times.push(Number(process.hrtime.bigint() - began) / 1e6);
		await page.waitForTimeout(100);
	}
	times.sort((a, b) => a - b);
	console.log(`# from saving to the reloaded page: best ${times[0].toFixed(0)} ms, median ${times[SAVES >> 1].toFixed(0)} ms, the machine shared ${((before + shared()) / 2).toFixed(1)} times`);
	ok(times.length === SAVES, 'every saved page is shown');
	fs.writeFileSync(file, `${source}\n{{ metrics.nowhere }}\n`);
	await page.locator('#stet-faults').waitFor({ timeout: 30000 });
	ok((await page.locator('#stet-faults .message').first().innerText()).includes('nowhere'), 'a mistake is shown on the page');
	fs.writeFileSync(file, `${source}\nMended.\n`);
	await page.getByText('Mended.').waitFor({ state: 'attached', timeout: 30000 });
	ok((await page.locator('#stet-faults').count()) === 0, 'and goes with its mending');
	ok(faults.length === 0, 'the browser has nothing to complain of', ...faults);
}

(async () => {
	for (const part of ['data', 'templates']) fs.cpSync(part, path.join(work, part), { recursive: true });
	const file = path.join(work, 'templates/pages/takeaways.md'), source = fs.readFileSync(file, 'utf8');
	const server = spawn(stet, ['serve', '--quiet', work], { stdio: ['ignore', 'pipe', 'ignore'] });
	const url = await new Promise((done) => server.stdout.once('data', (data) => done(String(data).trim())));
	for (let n = 0; n < 600 && !fs.existsSync(path.join(work, 'out/takeaways/index.html')); n++)
		await new Promise((done) => setTimeout(done, 50));
	const browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox'] });
	try { await look(browser, url, file, source); } finally {
		await browser.close();
		server.kill('SIGTERM');
		await new Promise((done) => server.once('exit', done));
		fs.rmSync(work, { recursive: true, force: true });
	}
	console.log(`1..${tests}`);
})();
