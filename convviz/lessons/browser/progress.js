/* Which predictions were right, kept in this browser for the page that lists the lessons (its progress.js reads it). */

const [NOTED, OFF] = ["convviz-right", "convviz-right-off"];

/* Note one more right answer in the lesson of this page, unless the learner asked that nothing be kept. */
export function noteRight() {
  const lesson = /\/([^/]+?)(?:\.\w+)?$/.exec(decodeURIComponent(location.pathname))?.[1];
  if (!lesson) return;
  try {
    if (localStorage.getItem(OFF) === "1") return;
    const noted = JSON.parse(localStorage.getItem(NOTED)) ?? {};
    noted[lesson] = { count: (noted[lesson]?.count ?? 0) + 1, at: Date.now() };
    localStorage.setItem(NOTED, JSON.stringify(noted));
  } catch (error) {
    console.debug("convviz: not noted;", error); // a browser that keeps nothing
  }
}
