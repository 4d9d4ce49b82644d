using System.Net;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Operator.Tests.Audit.Beside;

/// <summary>Answers from a script; what is not in it does not exist.</summary>
internal sealed class ScriptedLookup : ILookup
{
    private readonly Dictionary<(DomainName Name, RecordType Type), Answer> _answers = [];

    internal List<string> Asked { get; } = [];

    internal ScriptedLookup Add(Answer answer)
    {
        _answers[(answer.Question.Name, answer.Question.Type)] = answer;
        return this;
    }

    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        lock (Asked) Asked.Add($"{name} {type}");
        return ValueTask.FromResult(_answers.GetValueOrDefault((name, type), None(name.ToString(), type)));
    }

    internal static Answer None(string name, RecordType type) => new() { Question = Question(name, type), Security = Security.Secure, ResponseCode = ResponseCode.NameError };

    internal static Answer Failed(string name, RecordType type) => new() { Question = Question(name, type), Security = Security.Bogus, Explanation = "its signature has expired" };

    /// <summary>TXT records of one string each.</summary>
    internal static Answer Txt(string name, params string[] texts) => Of(name, RecordType.TXT, texts.Select(text => new Octets((byte[])[(byte)text.Length, .. Encoding.Latin1.GetBytes(text)])));

    internal static Answer Address(string name, string address) => Of(name, RecordType.A, [new Octets(IPAddress.Parse(address).GetAddressBytes())]);

    /// <summary>Records that are proven.</summary>
    internal static Answer Secure(string name, RecordType type, params ReadOnlySpan<Octets> data)
    {
        var question = Question(name, type);
        return new() { Question = question, Security = Security.Secure, ResponseCode = ResponseCode.NoError, Chain = [new(new(question.Name, type, RecordClass.IN, 300, [.. data]), Security.Secure)] };
    }

    private static Answer Of(string name, RecordType type, IEnumerable<Octets> data)
    {
        var question = Question(name, type);
        return new() { Question = question, Security = Security.Insecure, ResponseCode = ResponseCode.NoError, Chain = [new(new(question.Name, type, RecordClass.IN, 300, [.. data]), Security.Insecure)] };
    }

    private static Question Question(string name, RecordType type) => new(DomainName.Parse(name), type);
}
