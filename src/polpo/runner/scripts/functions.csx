// What Polpo gives to C# scripts. The variables are read from a file that is removed at once.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

var OctopusParameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
foreach (var line in File.ReadAllLines(PAYLOAD))
{
    var pair = line.Split(' ');
    OctopusParameters[FromBase64(pair[0])] = FromBase64(pair[1]);
}
File.Delete(PAYLOAD);

string FromBase64(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

string EncodeServiceMessageValue(string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value ?? ""));

void WriteOctopusMessage(string name, params (string Key, string Value)[] attributes)
{
    var text = new StringBuilder("##octopus[" + name);
    foreach (var (key, value) in attributes) text.Append($" {key}='{EncodeServiceMessageValue(value)}'");
    Console.WriteLine(text.Append(']'));
}

void WriteOctopusLeveled(string level, string message)
{
    Console.WriteLine($"##octopus[stdout-{level}]");
    Console.WriteLine(message);
    Console.WriteLine("##octopus[stdout-default]");
}

void WriteVerbose(string message) => WriteOctopusLeveled("verbose", message);
void WriteHighlight(string message) => WriteOctopusLeveled("highlight", message);
void WriteWait(string message) => WriteOctopusLeveled("wait", message);
void WriteWarning(string message) => WriteOctopusLeveled("warning", message);

void SetVariable(string name, string value, bool sensitive = false)
{
    OctopusParameters[name] = value;
    if (sensitive) WriteOctopusMessage("setVariable", ("name", name), ("value", value), ("sensitive", "True"));
    else WriteOctopusMessage("setVariable", ("name", name), ("value", value));
}

void CreateArtifact(string path, string fileName = null)
{
    var full = Path.GetFullPath(path);
    var name = string.IsNullOrEmpty(fileName) ? Path.GetFileName(full) : fileName;
    var length = File.Exists(full) ? new FileInfo(full).Length : 0;
    WriteVerbose($"Artifact {name} will be collected from {full} after this step completes");
    WriteOctopusMessage("createArtifact", ("path", full), ("name", name), ("length", length.ToString()));
}

void UpdateProgress(int percentage, string message = "") =>
    WriteOctopusMessage("progress", ("percentage", percentage.ToString()), ("message", message));

void FailStep(string message = null)
{
    if (message != null) WriteOctopusMessage("resultMessage", ("message", message));
    Environment.Exit(-1);
}
