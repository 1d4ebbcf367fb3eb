// Put into pages by `stet serve` alone: reloads when a build is done, shows what is wrong when one fails.
(function () {
  'use strict';
  var shown = Number(document.currentScript.dataset.build);
  var panel = null;

  function line(tag, name, text) {
    var element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  }

  function place(fault) {
    return [fault.file || 'stet', fault.line, fault.column].filter(Boolean).join(':');
  }

  function hide() {
    if (panel) panel.remove();
    panel = null;
  }

  function show(faults) {
    hide();
    panel = document.createElement('section');
    panel.id = 'stet-faults';
    panel.setAttribute('role', 'alert');
    panel.append(line('h2', '', 'The last good build is shown: the report has errors'));
    faults.forEach(function (fault) {
      var entry = line('div', 'fault ' + fault.severity, '');
      entry.append(line('code', 'place', place(fault)), line('p', 'message', fault.message));
      if (fault.mend) entry.append(line('p', 'mend', fault.mend));
      panel.append(entry);
    });
    var close = line('button', 'close', 'Close');
    close.addEventListener('click', hide);
    panel.append(close);
    document.body.append(panel);
  }

  function fetchFaults() {
    fetch('/.stet/faults').then(function (answer) { return answer.text(); }).then(function (text) {
      show(text.split('\n').filter(Boolean).map(JSON.parse));
    });
  }

  new EventSource('/.stet/events').addEventListener('build', function (event) {
    var parts = event.data.split(' ');
    if (Number(parts[0]) !== shown) location.reload();
    else if (parts[1] === 'failed') fetchFaults();
    else hide();
  });
}());
