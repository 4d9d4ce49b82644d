namespace Danelaw.Operator.Publishing;

/// <summary>An API key that goes over a network as it is.</summary>
public static class OpenApiKey
{
    /// <summary>What to do about it.</summary>
    /// <param name="settings">The place.</param>
    /// <returns>A phrase; null where the key is not sent, or nobody is on the way.</returns>
    public static string? Advise(PublisherSettings settings) => settings is PublisherSettings.PowerDns { Url: { Scheme: "http", IsLoopback: false } url }
        ? $"the API key goes to {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} unencrypted, and whoever is on the way can read it and change every zone there: put TLS before that API (https://), or reach it by a tunnel that begins on this machine"
        : null;
}
