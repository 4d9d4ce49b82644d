using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>
/// Gets policies of MTA-STS as senders do (RFC 8461 §3.3): HTTPS with a certificate for that very name from an authority of the web, no redirect
/// followed, 200 and <c>text/plain</c> only, 64 KiB at most. Thread-safe; of one address at most four policies are asked for at a time.
/// </summary>
/// <param name="lookup">Finds the servers' addresses.</param>
/// <param name="options">How.</param>
/// <param name="clock">Its time judges certificates; its timers measure the time limit.</param>
public sealed class PolicyFetcher(ILookup lookup, PolicyFetcherOptions options, TimeProvider clock) : IPolicyFetcher, IDisposable
{
    /// <summary>RFC 8461 §3.2 lets senders stop here.</summary>
    private const int MaximumLength = 64 * 1024;

    private const int HttpsPort = 443;
    private const int AtOneAddress = 4;

    private readonly ConcurrentDictionary<IPEndPoint, SemaphoreSlim> _gates = new();
    private readonly ImmutableArray<X509Certificate2> _authorities = [.. options.Authorities.Select(authority => X509CertificateLoader.LoadCertificate(authority.Span))];

    /// <inheritdoc/>
    public async ValueTask<PolicyFetch> FetchAsync(DomainName domain, CancellationToken cancellationToken = default)
    {
        if (!domain.TryPrepend("mta-sts"u8, out var host)) return new(PolicyOutcome.NoAddress, "", "the name of its server would be too long");
        var (addresses, fault) = await FindAsync(host, cancellationToken).ConfigureAwait(false);
        if (fault.Length > 0) return new(PolicyOutcome.NoAddress, "", fault);
        var gate = _gates.GetOrAdd(addresses[0], _ => new(AtOneAddress));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);

        // The time that others take before it is not the server's fault.
        using var timer = new CancellationTokenSource(options.TimeLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await FetchAsync(host, addresses, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(PolicyOutcome.TooSlow, "", string.Create(CultureInfo.InvariantCulture, $"there was no whole answer within {options.TimeLimit.TotalSeconds:0.#} s"));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var authority in _authorities) authority.Dispose();
        foreach (var gate in _gates.Values) gate.Dispose();
    }

    private async ValueTask<(ImmutableArray<IPEndPoint> Addresses, string Fault)> FindAsync(DomainName host, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<IPEndPoint>();
        var fault = "its server has no address";
        foreach (var type in options.Families.ToRecordTypes())
        {
            var answer = await lookup.LookupAsync(host, type, cancellationToken).ConfigureAwait(false);
            if (answer.IsFailure) fault = $"the address of its server cannot be looked up: {answer.Explanation}";
            foreach (var data in answer.Records?.Data ?? [])
            {
                if (AddressData.TryRead(type, data, out var address)) found.Add(ConnectToRule.Apply(options.ConnectTo, host, new(address, HttpsPort)));
            }
        }

        return (found.ToImmutable(), found.Count > 0 ? "" : fault);
    }

    private async ValueTask<PolicyFetch> FetchAsync(DomainName host, ImmutableArray<IPEndPoint> addresses, CancellationToken cancellationToken)
    {
        var name = host.ToString().TrimEnd('.');
        var doubt = "";
        try
        {
            using var handler = NewHandler(name, addresses, (certificate, errors, chain) => doubt = DoubtOf(name, certificate, errors, chain));
            using var client = new HttpMessageInvoker(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{name}/.well-known/mta-sts.txt"));
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            return doubt.Length > 0 ? new(PolicyOutcome.NotTrusted, "", doubt) : Failed(failure);
        }
        catch (IOException)
        {
            return new(PolicyOutcome.NotReached, "", "the connection was closed in the middle of the answer");
        }
    }

    private SocketsHttpHandler NewHandler(string name, ImmutableArray<IPEndPoint> addresses, Action<X509Certificate2?, SslPolicyErrors, X509Chain?> see)
    {
        // What vouches for the server comes from the server and the store: nothing is fetched on the way.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, VerificationTimeIgnored = false, VerificationTime = clock.GetUtcNow().UtcDateTime };
        if (_authorities.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities.ToArray());
        }

        return new()
        {
            // RFC 8461 §3.3: redirects are not followed, and nothing is taken from a cache.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            ActivityHeadersPropagator = null,
            ConnectCallback = (_, stop) => ConnectAsync(addresses, stop),
            SslOptions = new()
            {
                TargetHost = name,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = policy,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    if (errors != SslPolicyErrors.None) see(certificate as X509Certificate2, errors, chain);
                    return errors == SslPolicyErrors.None;
                },
            },
        };
    }

    private static async ValueTask<Stream> ConnectAsync(ImmutableArray<IPEndPoint> addresses, CancellationToken cancellationToken)
    {
        for (var at = 0; ; at++)
        {
            var socket = new Socket(addresses[at].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[at], cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (at + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static async ValueTask<PolicyFetch> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400) return new(PolicyOutcome.Redirected, "", $"its server leads elsewhere ({status}{(response.Headers.Location is { } to ? $", to {to}" : "")}), and senders must not follow");
        if (status != 200) return new(PolicyOutcome.Refused, "", string.Create(CultureInfo.InvariantCulture, $"its server answers {status}"));
        var kind = response.Content.Headers.ContentType?.MediaType;
        if (!"text/plain".Equals(kind, StringComparison.OrdinalIgnoreCase)) return new(PolicyOutcome.NotText, "", $"its server sends it as {kind ?? "no type at all"}, not as text/plain");
        var octets = new byte[MaximumLength + 1];
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length > MaximumLength
                ? new(PolicyOutcome.TooLarge, "", "it is larger than 64 KiB")
                : new(PolicyOutcome.Fetched, Encoding.UTF8.GetString(octets, 0, length), "");
        }
    }

    private static string DoubtOf(string name, X509Certificate2? certificate, SslPolicyErrors errors, X509Chain? chain)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "its server shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"the certificate of its server is not for {name}";
        var statuses = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status);
        return statuses.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "the certificate of its server, or one above it, has expired or is not yet valid"
            : (statuses & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? "the certificate of its server comes from nobody whom the machine's store trusts, or an issuer between is not sent"
            : $"the certificate of its server does not verify ({statuses})";
    }

    private static PolicyFetch Failed(HttpRequestException failure) => failure.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new(PolicyOutcome.NotReached, "", "its server refuses the connection"),
        SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } => new(PolicyOutcome.NotReached, "", "there is no route to its server"),
        SocketException socket => new(PolicyOutcome.NotReached, "", $"its server cannot be connected to ({socket.SocketErrorCode})"),
        AuthenticationException => new(PolicyOutcome.NotTrusted, "", "TLS with its server failed"),
        _ when failure.HttpRequestError == HttpRequestError.SecureConnectionError => new(PolicyOutcome.NotTrusted, "", "TLS with its server failed"),
        _ => new(PolicyOutcome.NotReached, "", "its server gives no answer of HTTP"),
    };
}
