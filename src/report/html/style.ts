// The page's look. System fonts, one measure, few lines; colour only where it says how bad something is, and never
// alone: a word stands beside it. In a long list an entry off the screen costs nothing (`content-visibility`), and no
// entry is laid out as a list's item: hiding thousands of those takes Chromium minutes.

export const style = `
:root{--paper:#fbfbfa;--card:#fff;--ink:#1c1e22;--quiet:#5a606b;--line:#e2e3e6;--soft:#f2f2f1;--accent:#2450c4;
--critical:#9d0f38;--critical-tint:#fce8ee;--high:#a33a08;--high-tint:#fdeee3;--medium:#705000;--medium-tint:#faf1d2;
--low:#25577f;--low-tint:#e6f0f9;--info:#565c66;--info-tint:#eeeff0;--pass:#1c6b3c;--pass-tint:#e4f4ea;
--mono:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;color-scheme:light}
@media (prefers-color-scheme:dark){:root{--paper:#121316;--card:#191b1f;--ink:#e7e8ea;--quiet:#a2a8b2;--line:#2d3036;
--soft:#22252a;--accent:#93b2ff;--critical:#ff93ac;--critical-tint:#3f1424;--high:#ffae80;--high-tint:#3b1f10;
--medium:#e9ca6e;--medium-tint:#342a0b;--low:#93c4f0;--low-tint:#122b41;--info:#a9aeb7;--info-tint:#282b30;
--pass:#7fd4a0;--pass-tint:#11301d;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",sans-serif;
overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.banner,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3,h4,p,ul,ol,dl,dd,fieldset,pre{margin:0;padding:0}
h1{font-size:1.375rem;line-height:1.3;font-weight:650;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3;font-weight:650;letter-spacing:-.01em}
h3,h4{font-size:1rem;font-weight:600}
ul,ol{list-style:none}
code,pre,.place{font-family:var(--mono);font-size:.8125rem;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.quiet{color:var(--quiet);font-size:.875rem}
.lead{max-width:44rem}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--card);padding:.5rem .75rem;z-index:1}
.skip:focus{top:.5rem}
.banner{display:grid;grid-template-columns:1fr auto;gap:0 1rem;align-items:baseline;padding-top:1.75rem;padding-bottom:1rem}
.banner h1{grid-column:1;grid-row:1}.banner .tool{grid-column:2;grid-row:1;font-weight:600;font-size:.875rem;white-space:nowrap}
.banner .tool span{font-weight:400;color:var(--quiet)}.banner .quiet{grid-column:1/-1}.banner h1 .quiet{font-weight:400}
section{margin:0 0 3rem}
section>h2{margin-bottom:.75rem}
.verdict{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--tone);border-radius:6px;padding:1.25rem 1.5rem 1.5rem;margin-bottom:1rem}
.verdict.fail{--tone:var(--critical)}.verdict.pass{--tone:var(--pass)}.verdict.incomplete{--tone:var(--medium)}
.verdict h2{font-size:2.25rem;line-height:1.15;color:var(--tone);margin-bottom:.25rem;letter-spacing:-.02em}
.figures{display:flex;flex-wrap:wrap;gap:.75rem 2.25rem;margin:1.25rem 0 0}
.figures dt{color:var(--quiet);font-size:.8125rem}.figures dd{font-size:1.25rem;font-weight:600;line-height:1.3}
.drivers{margin-top:1.25rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.drivers h3{margin-bottom:.625rem}.drivers h3 span{font-weight:400}
.drivers li{display:grid;grid-template-columns:2.5rem 7rem 5.5rem 1fr;gap:0 .75rem;align-items:baseline;padding:.1875rem 0}
.drivers svg{width:100%;height:.375rem;align-self:center}
.drivers .quiet{margin-top:.625rem}
.family{color:var(--quiet);font-size:.875rem}
.weight{font-weight:600;text-align:right}.weight.none{font-weight:400;color:var(--quiet);font-size:.8125rem}
.rail{fill:var(--line)}
rect.bar.critical,rect.bar.head{fill:var(--critical)}rect.bar.high{fill:var(--high)}rect.bar.medium,rect.bar.history{fill:var(--medium)}
rect.bar.low,rect.bar.stash,rect.bar.worktree{fill:var(--low)}rect.bar.info,rect.bar.unreachable{fill:var(--info)}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0 0 2.5rem;font-size:.9375rem}
nav a{padding:.25rem 0}
#filters{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;align-items:end;margin-bottom:1rem}
.search{flex:1 0 100%}
#filters[hidden]{display:none}
.search span,legend{display:block;font-size:.8125rem;color:var(--quiet);padding:0;margin-bottom:.25rem}
input[type=search]{width:100%;font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:5px;padding:.375rem .625rem;min-height:2.25rem}
input::placeholder{color:var(--quiet);opacity:1}
fieldset{border:0;min-width:0}
.chip{display:inline-flex;align-items:center;gap:.375rem;min-height:2.25rem;margin-right:.75rem;font-size:.9375rem;cursor:pointer}
.chip span{color:var(--quiet);font-size:.8125rem}
.chip input{width:1rem;height:1rem;margin:0;accent-color:var(--accent)}
.tools{flex:1 0 100%;display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
.tools output{margin-right:auto;color:var(--quiet);font-size:.875rem}
button{font:inherit;font-size:.875rem;color:var(--ink);background:var(--card);border:1px solid var(--quiet);border-radius:5px;padding:.25rem .75rem;min-height:2rem;cursor:pointer}
button:hover{background:var(--soft)}
#subjects>li{display:block;background:var(--card);border:1px solid var(--line);border-bottom-width:0}
.many>li{content-visibility:auto;contain-intrinsic-size:auto 4.5rem}
#subjects>li:first-child{border-radius:6px 6px 0 0}#subjects>li:last-child{border-bottom-width:1px;border-radius:0 0 6px 6px}
#subjects>li[hidden]{display:none}
summary{display:grid;grid-template-columns:5.25rem 1fr auto;gap:.25rem .75rem;align-items:baseline;padding:.75rem 1rem;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--soft)}
summary:focus-visible{outline-offset:-2px}
summary h3{display:inline;overflow-wrap:anywhere}
summary h3 code{font-weight:400;color:var(--quiet)}
.version{font-weight:400;color:var(--quiet)}
.line{display:block;font-size:.9375rem}.more{color:var(--quiet);white-space:nowrap}
.badge{justify-self:start;font-size:.8125rem;font-weight:600;line-height:1.3;padding:.1875rem .5rem;border-radius:4px;color:var(--tone);background:var(--tint)}
.badge.critical{--tone:var(--critical);--tint:var(--critical-tint)}.badge.high{--tone:var(--high);--tint:var(--high-tint)}
.badge.medium{--tone:var(--medium);--tint:var(--medium-tint)}.badge.low{--tone:var(--low);--tint:var(--low-tint)}
.badge.info{--tone:var(--info);--tint:var(--info-tint)}
.tag{font-size:.8125rem;color:var(--critical);border:1px solid currentColor;border-radius:4px;padding:0 .375rem;white-space:nowrap}
.tag.was{color:var(--quiet)}
.points{color:var(--quiet);font-size:.8125rem;white-space:nowrap}.points b{color:var(--ink);font-size:.9375rem}
.points::after{content:"";display:inline-block;width:.4375rem;height:.4375rem;border:solid var(--quiet);border-width:0 1.5px 1.5px 0;transform:translateY(-.1875rem) rotate(45deg);margin-left:.75rem}
details[open]>summary .points::after{transform:rotate(-135deg)}
.body{padding:.25rem 1rem 1.25rem 7rem}
.body h4{font-size:.8125rem;color:var(--quiet);font-weight:600;margin:1rem 0 .25rem}
.todo h4{margin-top:0}
.command{margin:.5rem 0;padding:.5rem .75rem;background:var(--soft);border-radius:5px;overflow-x:auto;white-space:pre;display:flex;gap:1rem;justify-content:space-between;align-items:center}
.command button{flex:none;font-family:system-ui,sans-serif}
.why{margin-top:.5rem;font-size:.9375rem}.why b{font-weight:600}
.signals>li{display:grid;grid-template-columns:4.25rem 1fr;gap:0 .75rem;align-items:baseline;padding:.5rem 0;border-top:1px solid var(--line)}
.signals>li:target{background:var(--soft)}
.signals .weight{text-align:left}
.places{margin-top:.25rem}.places li{padding:.125rem 0}.places code{color:var(--quiet)}
.place{margin-right:.5rem}
.way{display:flex;flex-wrap:wrap;gap:0 .5rem;font-size:.9375rem;margin-top:.25rem}.way li:not(:first-child)::before{content:"→" / "";color:var(--quiet);margin-right:.5rem}
.way li:last-child{font-weight:600}
table{width:100%;border-collapse:collapse;font-size:.9375rem;margin-top:.75rem}
th,td{text-align:left;vertical-align:baseline;padding:.5rem 1rem .5rem 0;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--quiet);font-size:.8125rem;padding-bottom:.25rem}
tbody th{font-weight:600}
td:last-child,th:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
.exposure tbody th{width:26%}.exposure td:nth-child(3){width:22%}.exposure td .quiet{display:block}
.axis{width:13rem}.axis span+span{float:right}.drawing svg{display:block;width:100%;height:.75rem}
.after{fill:var(--medium);opacity:.35}
.dot{display:inline-block;width:.5rem;height:.5rem;border-radius:50%;margin-right:.4375rem;background:var(--low)}
.dot.head{background:var(--critical)}.dot.history{background:var(--medium)}.dot.unreachable{background:var(--info)}
.coverage tbody th{width:32%;font-weight:400}.coverage tbody th .quiet{margin-left:.25rem}
.coverage .partial .mark{color:var(--high);font-weight:700}.coverage .complete .mark{color:var(--pass)}
.missed li+li{margin-top:.25rem}.next{display:block;color:var(--quiet)}
section>h3{margin-top:1.5rem}.counts li{display:inline-block;margin-right:1.5rem}
.fold>summary{display:block;padding:.5rem 0;color:var(--accent)}
.note{margin-top:1rem}
footer{padding-bottom:3rem;color:var(--quiet);font-size:.875rem}
@media (max-width:44rem){
.banner,main,footer{padding-left:1rem;padding-right:1rem}
.verdict{padding:1rem}
.banner{grid-template-columns:1fr}.banner .tool{grid-column:1;grid-row:auto;font-weight:400;color:var(--quiet)}
.figures{display:grid;grid-template-columns:repeat(3,1fr);gap:.75rem 1rem;align-items:end}
.drivers li{grid-template-columns:2.5rem 1fr}.drivers svg{display:none}.drivers li span:last-child{grid-column:2}
.chip{min-height:2.5rem}button{min-height:2.5rem}
summary{grid-template-columns:1fr auto;padding:.75rem}
.what{grid-column:1/-1;grid-row:2}
.body{padding:.25rem .75rem 1rem}
.signals>li{grid-template-columns:1fr}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td{display:block}
tr{padding:.625rem 0;border-top:1px solid var(--line)}
th,td,.exposure tbody th,.exposure td:nth-child(3),.coverage tbody th{width:auto;border:0;padding:.0625rem 0;text-align:left!important;white-space:normal}
.coverage tbody th{font-weight:600}
td[data-label]::before{content:attr(data-label) " ";color:var(--quiet);font-size:.8125rem;margin-right:.25rem}
.exposure td .quiet{display:inline}
.drawing{padding-top:.375rem}
}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb;--soft:#f4f4f4;--accent:#000;color-scheme:light;
--critical:#9d0f38;--high:#a33a08;--medium:#705000;--low:#25577f;--info:#444;--pass:#1c6b3c;
--critical-tint:#fff;--high-tint:#fff;--medium-tint:#fff;--low-tint:#fff;--info-tint:#fff}
body{font-size:10pt}.skip,nav,#filters,.command button,.points::after{display:none!important}
.banner,main,footer{max-width:none;padding:0}
.many>li{content-visibility:visible}summary,.signals>li,tr{break-inside:avoid}
details::details-content{content-visibility:visible;height:auto;display:block}
.badge{border:1px solid currentColor}a{text-decoration:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`
