// Remembers, in this browser alone, which pages were read to their end and where reading stopped.
// Both languages share it: a page is known by its path below its language's front page.
(() => {
  "use strict";
  const KEY = "tf2docs.reading";
  const WORDS = {
    zh: { done: "已读完", go: "继续上次：", next: "接着读：" },
    en: { done: "Read to its end", go: "Continue: ", next: "Read next: " },
  };
  const language = document.documentElement.lang.slice(0, 2);
  const words = WORDS[language];
  const { memory } = window.tf2docs;
  const settings = JSON.parse(document.getElementById("__config")?.textContent ?? "null");
  const article = document.querySelector("article.md-content__inner");
  if (!words || !settings || !article) return;

  const home = new URL(`${settings.base}/`, location.href);
  const nameOf = (url) => {
    const { href } = new URL(url, location.href);
    return href.startsWith(home.href) ? href.slice(home.href.length).replace(/(index\.html)?([?#].*)?$/, "") : null;
  };
  const name = nameOf(location.href);
  const isLesson = article.querySelector(".tf2-facts:not(.tf2-path *)") !== null;

  function read() {
    try {
      return { done: [], ...JSON.parse(memory.read(KEY)) };
    } catch {
      return { done: [] };
    }
  }
  const write = (change) => memory.write(KEY, JSON.stringify({ ...read(), ...change }));

  // A tick behind every link of the navigation and the learning path that leads to a page read to its end.
  function tick() {
    const { done } = read();
    for (const link of document.querySelectorAll(`.md-nav--primary :not(.md-nav__item--pruned) > a.md-nav__link[href]:not([href*="#"]), .tf2-path a[href]`)) {
      if (!done.includes(nameOf(link.href)) || link.querySelector(".tf2-done")) continue;
      const mark = document.createElement("span");
      mark.className = "tf2-done";
      mark.title = words.done;
      mark.innerHTML = `<span aria-hidden="true">✓</span><span class="tf2-hidden">${words.done}</span>`;
      link.append(" ", mark);
    }
  }

  // The same on the map, whose links are SVG's.
  function tickMap() {
    const { done } = read();
    for (const link of document.querySelectorAll(".tf2-map a")) {
      if (!done.includes(nameOf(link.href.baseVal))) continue;
      link.classList.add("tf2-map__done");
      link.setAttribute("aria-label", `${link.getAttribute("aria-label")} (${words.done})`);
    }
  }

  // The heading that was last scrolled past, and the page's end.
  function watch() {
    const headings = [...article.querySelectorAll("h2[id], h3[id]")];
    const end = document.createElement("div");
    article.append(end);
    const remember = () => {
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
      if (passed) write({ last: { name, anchor: passed.id } });
    };
    let waiting = 0;
    addEventListener("scroll", () => {
      clearTimeout(waiting);
      waiting = setTimeout(remember, 150);
    }, { passive: true });
    new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting) || scrollY === 0) return;
      write({ done: [...new Set([...read().done, name])] });
      remember(); // at once: who is at the end may leave sooner than scrolling is over
      tick();
    }).observe(end);
  }

  // On the front page, a way back to where reading stopped, or on to the next lesson where it stopped at a lesson's end.
  function offer() {
    const place = document.querySelector(".tf2-continue");
    const { done, last } = read();
    const lessons = [...document.querySelectorAll(".tf2-path li > a[href]")];
    const stopped = lessons.findIndex((lesson) => nameOf(lesson.href) === last?.name);
    if (!place || stopped < 0) return;
    const isRead = done.includes(last.name);
    const later = [...lessons.slice(stopped), ...lessons.slice(0, stopped)];
    const lesson = isRead ? later.find(({ href }) => !done.includes(nameOf(href))) : lessons[stopped];
    if (!lesson) return;
    const link = document.createElement("a");
    link.href = isRead ? lesson.href : `${lesson.href}#${last.anchor}`;
    link.textContent = lesson.firstChild.textContent.trim();
    place.append(isRead ? words.next : words.go, link);
  }

  tick();
  tickMap();
  offer();
  if (isLesson) watch();
})();
