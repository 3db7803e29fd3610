// An issue is never edited. Whether it was corrected since stands beside it, in ky-cong-bo/corrections.json.
(function () {
  "use strict";
  var box = document.getElementById("da-dinh-chinh");
  if (!box || !window.fetch) return;
  var mine = box.dataset;
  fetch(mine.list)
    .then(function (answer) { return answer.ok ? answer.json() : []; })
    .then(function (notices) {
      var about = notices.filter(function (each) {
        return each.kind === mine.kind && each.issue === mine.issue && String(each.version) === mine.version;
      });
      if (!about.length) return;
      var link = box.querySelector("a"), better = about[0].corrected_by;
      box.querySelector("span").textContent = about[0].text;
      if (better && /^[0-9A-Za-z-]+$/.test(better)) {
        // The list lies in the folder of all issues, to which each issue has a link: one address for one page.
        var list = new URL(mine.list, location.href).href.replace(/(\/ky-cong-bo\/[^/]+)+(?=\/ky-cong-bo\/)/, "");
        link.href = list.replace(/corrections\.json$/, better + "/index.html");
      }
      box.hidden = false;
    })
    .catch(function () { /* opened from a disk, or without a network: the page of corrections remains */ });
})();
