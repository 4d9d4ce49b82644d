using System.Globalization;
using System.Security;
using Danelaw.Dns.Names;

namespace Danelaw.Probes.Dialogues;

/// <summary>XMPP up to STARTTLS (RFC 6120 §5), as a client or as a server.</summary>
/// <param name="domain">Whom the stream is for (RFC 6120 §4.7.2): the domain that is served, which need not be the host that serves it.</param>
/// <param name="content">The namespace of what would be said: <c>jabber:client</c> or <c>jabber:server</c>.</param>
internal sealed class XmppDialogue(DomainName domain, string content) : Dialogue
{
    private const string Streams = "http://etherx.jabber.org/streams";
    private const string Conditions = "urn:ietf:params:xml:ns:xmpp-streams";
    private const string Tls = "urn:ietf:params:xml:ns:xmpp-tls";

    private XmppReader? _reader;
    private bool _isOpen;

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        _reader = new(channel);
        const string step = "stream";
        channel.StartStep();
        var sent = await channel.WriteTextAsync($"<?xml version='1.0'?><stream:stream xmlns='{content}' xmlns:stream='{Streams}' to='{SecurityElement.Escape(TextOf(domain))}' version='1.0'>").ConfigureAwait(false);
        if (sent != LineEnd.Line) return Broken(sent, step);
        var header = await _reader.ReadHeaderAsync().ConfigureAwait(false);
        if (header.End != LineEnd.Line) return Broken(header.End, step);
        if (header.Element?.Name != new XmlName(Streams, "stream")) return Strange(step, header.Raw);
        _isOpen = true;

        // RFC 6120 §4.7.5: who says no version, or one below 1.0, has no features.
        if (!header.Element.HasFeatures) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the server speaks XMPP of before version 1.0, which has no STARTTLS")).ConfigureAwait(false);

        var features = await _reader.ReadElementAsync().ConfigureAwait(false);
        if (features.End != LineEnd.Line) return Broken(features.End, "features");
        if (IsError(features)) return await RefuseAsync(channel, new(ProbeOutcome.GreetingRefused, Condition(features))).ConfigureAwait(false);
        if (features.Element is null && features.IsStreamEnd) return new(ProbeOutcome.Closed, "features: the server closed the stream");
        if (features.Element?.Name != new XmlName(Streams, "features")) return Strange("features", features.Raw);
        if (!features.Element.Children.Contains(new(Tls, "starttls"))) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the stream's features do not list starttls")).ConfigureAwait(false);

        channel.StartStep();
        sent = await channel.WriteTextAsync($"<starttls xmlns='{Tls}'/>").ConfigureAwait(false);
        if (sent != LineEnd.Line) return Broken(sent, "starttls");
        var consent = await _reader.ReadElementAsync().ConfigureAwait(false);
        if (consent.End != LineEnd.Line) return Broken(consent.End, "starttls");
        if (consent.Element?.Name == new XmlName(Tls, "proceed"))
        {
            // RFC 6120 §5.4.3.3: this stream is over, and no blank follows the consent. Within TLS there is none until somebody opens one.
            _isOpen = false;
            return ConsentToTls(channel);
        }

        if (consent.Element?.Name == new XmlName(Tls, "failure")) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsRefused, Shorten(consent.Raw))).ConfigureAwait(false);

        // RFC 6120 §4.9.1.1: an error of the stream ends it, whatever was asked.
        if (IsError(consent)) return await RefuseAsync(channel, new(ProbeOutcome.Closed, Condition(consent))).ConfigureAwait(false);
        if (consent.Element is null && consent.IsStreamEnd) return new(ProbeOutcome.Closed, "starttls: the server closed the stream");
        return Strange("starttls", consent.Raw);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        if (!_isOpen) return;
        _isOpen = false;
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteTextAsync("</stream:stream>").ConfigureAwait(false) != LineEnd.Line) return;

        // RFC 6120 §4.4: the server closes its stream in turn.
        XmppRead read;
        do read = await _reader!.ReadElementAsync().ConfigureAwait(false);
        while (read.Element is not null);
    }

    /// <summary>In XMPP the client speaks first.</summary>
    internal override ValueTask GreetAsync(LineChannel channel) => ValueTask.CompletedTask;

    private static bool IsError(XmppRead read) => read.Element?.Name == new XmlName(Streams, "error");

    /// <summary>RFC 6120 §4.9.2: the condition, and the words beside it.</summary>
    private static string Condition(XmppRead error)
    {
        var condition = error.Element!.Children.FirstOrDefault(child => child.Namespace == Conditions && child.Local != "text").Local ?? "without a condition";
        return Shorten(error.Element.Text.Length == 0 ? "stream error: " + condition : $"stream error: {condition}: {error.Element.Text}");
    }

    /// <summary>RFC 7622 §3.2.1: in XMPP a domain is written in the letters of its language, not in A-labels.</summary>
    private static string TextOf(DomainName domain)
    {
        var text = domain.IsRoot ? "." : domain.ToString()[..^1];
        try
        {
            return text.Contains("xn--", StringComparison.OrdinalIgnoreCase) ? new IdnMapping().GetUnicode(text) : text;
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
