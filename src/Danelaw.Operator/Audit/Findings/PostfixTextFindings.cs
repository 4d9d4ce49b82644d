using System.Globalization;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What main.cf and master.cf say wrongly, or twice.</summary>
internal static class PostfixTextFindings
{
    internal static void Add(PostfixInstance instance, FindingList findings)
    {
        foreach (var fault in instance.Main.Faults.Concat(instance.Master.Faults).Concat(instance.ExpansionFaults()))
        {
            if (fault.IsFatal) findings.Error(AuditCodes.PostfixSyntax, "postfix", fault.Place, $"{Capital(fault.Text)}. Postfix does not start with it, and reads nothing new until then.", "Mend the line; postfix check tells whether it is read.");
            else findings.Warning(AuditCodes.PostfixSyntax, "postfix", fault.Place, $"{Capital(fault.Text)}. Postfix leaves the line out.", "Take the blanks at its beginning away, or the line out.");
        }

        foreach (var definition in instance.Overridden())
        {
            var last = instance.Get(definition.Name);
            if (last.Raw == definition.Value)
            {
                findings.Note(AuditCodes.PostfixOverridden, "postfix", definition.Place, string.Create(CultureInfo.InvariantCulture, $"{definition.Name} is set here and again, to the same, in line {last.Place!.Line}."), "Take one of the two lines out.");
                continue;
            }

            findings.Warning(AuditCodes.PostfixOverridden, "postfix", definition.Place, string.Create(CultureInfo.InvariantCulture, $"{definition.Name} = {Secrets.Blot(definition.Name, definition.Value)} has no effect: line {last.Place!.Line} sets it again, to '{Secrets.Blot(last.Name, last.Raw)}', and the last one counts."), "Take out the line that is not meant.");
        }
    }

    /// <summary>A fault that begins with the name of a parameter keeps it as it is spelt.</summary>
    private static string Capital(string text) => text.Length == 0 || text.Split(' ')[0].EndsWith(':') ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
