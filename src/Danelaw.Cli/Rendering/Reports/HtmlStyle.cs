namespace Danelaw.Cli.Rendering.Reports;

/// <summary>How the page of a check looks: in both lights, on paper, and on a screen as narrow as a telephone's. Its classes begin with <c>c-</c>, so that they are none of the pictures'.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root{color-scheme:light dark;--page:#fff;--ink:#16181d;--soft:#50565f;--frame:#f4f6f8;--edge:#cfd5db;--good:#00639c;--goodfill:#e6f2fa;--open:#5c5c5c;--openfill:#f1f1f1;--bad:#b3350a;--badfill:#fdebe3;--odd:#7a4a8c;--oddfill:#f5ecf8}
        @media(prefers-color-scheme:dark){:root{--page:#14171c;--ink:#f0f2f5;--soft:#b4bbc5;--frame:#1d2229;--edge:#3a424c;--good:#6fc3f5;--goodfill:#10293a;--open:#bdbdbd;--openfill:#2a2a2a;--bad:#ff9a6b;--badfill:#3d1c10;--odd:#d9a8ec;--oddfill:#2f1d38}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1.2rem;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.35rem;margin:0 0 .4rem}h3{font-size:1.1rem;margin:1.4rem 0 .4rem}h4{font-size:1rem;margin:0}
        p{margin:.4rem 0}a{color:var(--good)}code,pre,.c-mono{font-family:"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.875rem}
        pre{white-space:pre-wrap;background:var(--frame);border:1px solid var(--edge);border-radius:4px;padding:.6rem;margin:.5rem 0}
        .c-soft{color:var(--soft)}.c-check{border-top:2px solid var(--edge);margin-top:2rem;padding-top:1.4rem}.c-host{border:1px solid var(--edge);border-radius:6px;padding:.2rem 1rem 1rem;margin:1rem 0}
        .c-say{display:inline-block;border:1.5px solid;border-radius:1rem;padding:0 .7rem;font-weight:bold;font-size:.95rem;white-space:nowrap}
        .c-good{color:var(--good);background:var(--goodfill)}.c-bad{color:var(--bad);background:var(--badfill)}.c-odd{color:var(--odd);background:var(--oddfill)}.c-open{color:var(--open);background:var(--openfill)}
        table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--edge)}th{color:var(--soft);font-weight:600;font-size:.875rem}td.c-number{text-align:right}.c-whole{white-space:nowrap}td details{margin:0}.c-host h4{margin-top:1rem}
        .c-finding{border-left:5px solid var(--edge);padding:.1rem 0 .1rem .9rem;margin:1rem 0}.c-finding.c-error{border-color:var(--bad)}.c-finding.c-warning{border-color:var(--odd)}
        details{margin:.5rem 0}summary{cursor:pointer;color:var(--good)}
        .c-chain{overflow-x:auto;border:1px solid var(--edge);border-radius:6px;margin:.6rem 0}.c-chain svg{display:block;width:100%;min-width:50rem;height:auto}
        footer{border-top:2px solid var(--edge);margin-top:2rem;padding-top:.6rem;color:var(--soft);font-size:.875rem}
        @media(max-width:44rem){body{padding:.8rem}.c-host{padding:.1rem .7rem .7rem}thead{display:none}tr{display:block;border-bottom:1px solid var(--edge);padding:.4rem 0}td{display:block;border:0;padding:.05rem 0}td:empty{display:none}td[title]::before{content:attr(title) ": ";color:var(--soft);font-size:.875rem}td.c-number{text-align:left}.c-whole,.c-say{white-space:normal}}
        @media print{.c-chain{overflow:visible}.c-chain svg{min-width:0}}
        """;
}
